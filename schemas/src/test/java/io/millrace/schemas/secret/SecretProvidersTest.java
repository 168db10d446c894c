package io.millrace.schemas.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretProvidersTest {
    @TempDir
    Path directory;

    @Test
    void readsVariablesWithThePrefix() throws Exception {
        assertThat(secrets("env:MILLRACE_SECRET_", Map.of("MILLRACE_SECRET_DB_PASSWORD", "hunter22"))
                        .resolve("db_password"))
                .isEqualTo("hunter22");
    }

    @Test
    void hidesItsVariablesFromScripts() {
        List<SecretProvider> providers = SecretProviders.read("env:APP_SECRET_", Map.of());
        assertThat(SecretProvider.withoutSecrets(Map.of("APP_SECRET_X", "a", "HOME", "b"), providers))
                .containsOnlyKeys("HOME");
    }

    @Test
    void asksProvidersInTheirOrder() throws Exception {
        write("both", "of the file\n");
        write("second", "also of the file");
        SecretSource secrets = secrets("env:S_, file:" + directory, Map.of("S_BOTH", "of the environment"));
        assertThat(secrets.resolve("both")).isEqualTo("of the environment");
        assertThat(secrets.resolve("second")).isEqualTo("also of the file");
    }

    @Test
    void namesAnUnknownSecretAndWhoWasAsked() {
        assertThatThrownBy(() -> secrets("env:S_,file:" + directory, Map.of()).resolve("db"))
                .isInstanceOf(SecretException.class)
                .hasMessage("The secret 'db' is not known to this worker; asked were env:S_, file:" + directory + ".")
                .matches(e -> !((SecretException) e).isRetryable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../etc/passwd", "/etc/passwd", "", ".", "a/b", "a b", "a\0b", "ü", "-x", "$(id)", "{name}"})
    void refusesWhatIsNoName(String name) {
        assertThatThrownBy(() -> secrets("file:" + directory, Map.of()).resolve(name))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("A secret cannot be called '");
    }

    @Test
    void takesTheLastLineEndOfAFileOff() throws Exception {
        write("unix", "hunter22\n");
        write("windows", "hunter22\r\n");
        write("lines", "one line\nanother\n\n");
        SecretSource secrets = secrets("file:" + directory, Map.of());
        assertThat(secrets.resolve("unix")).isEqualTo("hunter22");
        assertThat(secrets.resolve("windows")).isEqualTo("hunter22");
        assertThat(secrets.resolve("lines")).isEqualTo("one line\nanother\n");
    }

    @Test
    void followsTheLinksOfKubernetes() throws Exception {
        Files.createDirectories(directory.resolve("..2026_11_22"));
        Files.writeString(directory.resolve("..2026_11_22/token"), "hunter22");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_11_22"));
        Files.createSymbolicLink(directory.resolve("token"), Path.of("..data/token"));
        assertThat(secrets("file:" + directory, Map.of()).resolve("token")).isEqualTo("hunter22");
    }

    @Test
    void refusesFilesThatAreNoSecret() throws Exception {
        Path outside = Files.createTempFile("outside", ".txt");
        Files.writeString(outside, "hunter22");
        Files.createSymbolicLink(directory.resolve("link"), outside);
        Files.createDirectory(directory.resolve("folder"));
        write("open", "hunter22");
        Files.setPosixFilePermissions(directory.resolve("open"), PosixFilePermissions.fromString("rw-rw-rw-"));
        write("large", "x".repeat(64 * 1024 + 1));
        write("empty", "\n");
        write("short", "abc\n");
        write("nul", "abcd\0efgh");
        Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 1, 2, 3, 4});
        assertRefused("link", "leads out of the directory");
        assertRefused("folder", "is no plain file");
        assertRefused("open", "may be written by everybody");
        assertRefused("large", "has over 65536 bytes (64 KiB)");
        assertRefused("empty", "has fewer than 4 characters");
        assertRefused("short", "has fewer than 4 characters");
        assertRefused("nul", "holds a NUL character");
        assertRefused("binary", "is no UTF-8 text");
        Files.delete(outside);
    }

    @Test
    void givesTheNameToAProgramAsAnArgument() throws Exception {
        String program = program("printf '%s:%s\\n' \"$1\" \"$#\"");
        assertThat(secrets("command:" + program + " the-{name}-secret x", Map.of())
                        .resolve("db"))
                .isEqualTo("the-db-secret:2");
    }

    @Test
    void aProgramSeesNoSettings() throws Exception {
        String program = program("echo \"${MILLRACE_KAFKA_PASSWORD:-nothing} $VAULT_TOKEN $1\"");
        assertThat(secrets(
                                "command:" + program + " {name}",
                                Map.of("MILLRACE_KAFKA_PASSWORD", "kafka", "VAULT_TOKEN", "vault"))
                        .resolve("db"))
                .isEqualTo("nothing vault db");
    }

    @Test
    void aProgramThatFailsIsAskedAgainLaterAndShowsNoValue() throws Exception {
        String program = program("echo hunter22; echo hunter22 >&2; exit 3");
        assertThatThrownBy(() ->
                        secrets("command:" + program + " {name}", Map.of()).resolve("db"))
                .hasMessage("The secret 'db' cannot be had: command:" + program + " {name} ended with code 3.")
                .matches(e -> ((SecretException) e).isRetryable());
        assertThatThrownBy(() ->
                        secrets("command:/no/such/program {name}", Map.of()).resolve("db"))
                .hasMessageContaining("cannot be started")
                .matches(e -> ((SecretException) e).isRetryable());
    }

    @Test
    void aProgramThatSaysNothingDoesNotKnow() throws Exception {
        assertThatThrownBy(() -> secrets("command:" + program("exit 0") + " {name}", Map.of())
                        .resolve("db"))
                .hasMessageContaining("is not known to this worker");
    }

    @Test
    void aProgramThatHangsIsEnded() throws Exception {
        SecretProvider hanging = new CommandSecrets(
                List.of(program("sleep 300 & sleep 301"), "{name}"),
                Map.of("PATH", "/bin:/usr/bin"),
                Duration.ofMillis(300));
        assertThatThrownBy(() -> hanging.find("db")).hasMessageContaining("took longer than 300 ms");
        assertThatThrownBy(() -> new CommandSecrets(
                                List.of(program("yes"), "{name}"),
                                Map.of("PATH", "/bin:/usr/bin"),
                                Duration.ofSeconds(10))
                        .find("db"))
                .hasMessageContaining("has over 65536 bytes");
    }

    @Test
    void remembersForAWhile() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Instant[] now = {Instant.EPOCH};
        Clock clock = new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now[0];
            }
        };
        SecretProvider counting = new SecretProvider() {
            @Override
            public Optional<String> find(String name) {
                return Optional.of(name + asked.incrementAndGet());
            }

            @Override
            public String describe() {
                return "counting";
            }
        };
        SecretProvider remembered = new RememberedSecrets(counting, Duration.ofMinutes(1), clock);
        assertThat(remembered.find("a")).contains("a1");
        now[0] = now[0].plusSeconds(59);
        assertThat(remembered.find("a")).contains("a1");
        now[0] = now[0].plusSeconds(1);
        assertThat(remembered.find("a")).contains("a2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vault",
                "env:",
                "env:A B",
                "env:MILLRACE_",
                "env:M",
                "env:MILLRACE_KAFKA_",
                "file:run/secrets",
                "file:",
                "command:pass show {name}",
                "command:/usr/bin/pass show",
                "command:/usr/bin/{name}",
                "command:",
                "env:A_,,file:/x",
                "ENV:A_",
                "file:\0"
            })
    void refusesAListThatCannotBeMeant(String list) {
        assertThatThrownBy(() -> SecretProviders.read(list, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("it must");
    }

    private void assertRefused(String name, String why) {
        assertThatThrownBy(() -> secrets("file:" + directory, Map.of()).resolve(name))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("The secret '" + name + "' is refused: ")
                .hasMessageContaining(why)
                .matches(e -> !((SecretException) e).isRetryable());
    }

    private static SecretSource secrets(String providers, Map<String, String> environment) {
        return new SecretSource("this worker", SecretProviders.read(providers, environment));
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    private String program(String body) throws IOException {
        Path file = Files.createTempFile(directory, "program", ".sh");
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }
}

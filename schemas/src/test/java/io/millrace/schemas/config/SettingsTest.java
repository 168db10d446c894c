package io.millrace.schemas.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    @Test
    void takeTheFlagBeforeTheEnvironmentBeforeTheFile() throws IOException {
        var settings = Settings.builder()
                .flag("c.d", "flag")
                .environment(Map.of("MILLRACE_B_C", "environment", "MILLRACE_C_D", "environment", "PATH", "/bin"))
                .file(file("millrace.a.b=file\nmillrace.b.c=file\nmillrace.c.d=file\n"))
                .build();

        assertThat(settings.string("a.b").required()).isEqualTo("file");
        assertThat(settings.string("b.c").required()).isEqualTo("environment");
        assertThat(settings.string("c.d").required()).isEqualTo("flag");
        assertThatCode(settings::finish).doesNotThrowAnyException();
    }

    @Test
    void areReadAsTheirTypes() {
        var settings = Settings.of(Map.of(
                "s", "text",
                "i", "1_000",
                "b", "TRUE",
                "d", "250ms",
                "u", "https://host:1/path",
                "p", "/var/lib",
                "h", "a:1, [::1]:65535",
                "l", "x, y",
                "e", "seconds"));

        assertThat(settings.string("s").required()).isEqualTo("text");
        assertThat(settings.integer("i", 1, 1000).required()).isEqualTo(1000);
        assertThat(settings.bool("b").required()).isTrue();
        assertThat(settings.duration("d", Duration.ZERO, DAY).required()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.uri("u", "http", "https").required()).isEqualTo(URI.create("https://host:1/path"));
        assertThat(settings.path("p").required()).isEqualTo(Path.of("/var/lib"));
        assertThat(settings.hostPorts("h").required()).containsExactly("a:1", "[::1]:65535");
        assertThat(settings.list("l").required()).containsExactly("x", "y");
        assertThat(settings.oneOf("e", TimeUnit.class).required()).isEqualTo(TimeUnit.SECONDS);
        assertThat(settings.string("absent").or("otherwise")).isEqualTo("otherwise");
        assertThat(settings.string("absent").optional()).isEmpty();
        assertThatCode(settings::finish).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"512MiB,536870912", "2 GB,2000000000", "1kB,1000", "4KiB,4096", "3TiB,3298534883328"})
    void takeSizesWithAUnit(String text, long bytes) {
        assertThat(Settings.of(Map.of("m", text)).bytes("m", 1, 1L << 42).required())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"512", "1.5GiB", "-1MB", "1mb", "MiB", "9TiB", "1 G", "0MiB"})
    void refuseOtherSizesAndSayWhatIsAllowed(String text) {
        Settings settings = Settings.of(Map.of("m", text));
        settings.bytes("m", 1 << 20, 8L << 40).required();
        assertThat(catchThrowableOfType(SettingsException.class, settings::check))
                .hasMessageContaining(text)
                .hasMessageContaining("a size from 1MiB to 8TiB");
    }

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "10s,PT10S", "5m,PT5M", "12h,PT12H", "7d,PT168H", "'10 s',PT10S"})
    void takeTimesWithAUnit(String text, Duration duration) {
        assertThat(Settings.of(Map.of("t", text))
                        .duration("t", Duration.ZERO, Duration.ofDays(30))
                        .required())
                .isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "s", "-1s", "1.5s", "PT10S", "10 years", "999999999999999999d", "2d", "999ms"})
    void refuseOtherTimes(String text) {
        var settings = Settings.of(Map.of("t", text));

        settings.duration("t", SECOND, DAY).required();

        assertThat(mistakes(settings))
                .containsExactly("--t=" + text
                        + ": it must be a time from 1s to 1d, as a number with ms, s, m, h or d: 10s, 5m, 250ms");
    }

    @Test
    void reportAllMistakesAtOnceWithKeyValueAndWhatIsAllowed() throws IOException {
        var file = file("millrace.api.port=99999\nunrelated=1\n");
        var settings = Settings.builder()
                .file(file)
                .environment(Map.of("MILLRACE_LEASE", "soon", "MILLRACE_API_HSOT", "x"))
                .flag("registry.url", "ftp://x")
                .flag("servers", "host")
                .flag("unit", "fortnights")
                .flag("flag", "maybe")
                .flag("empty", "")
                .flag("queue", "GPU")
                .build();

        settings.integer("api.port", 0, 65_535).or(7070);
        settings.string("api.host").or("127.0.0.1");
        settings.duration("lease", SECOND, DAY).or(SECOND);
        settings.uri("registry.url", "http", "https").required();
        settings.hostPorts("servers").required();
        settings.oneOf("unit", Unit.class).or(Unit.DAYS);
        settings.bool("flag").or(true);
        settings.string("empty").or("x");
        settings.string("queue", Pattern.compile("[a-z]+"), "it must be lowercase letters")
                .or("q");
        settings.path("state.directory").required();

        assertThat(mistakes(settings))
                .containsExactlyInAnyOrder(
                        "unrelated in " + file + " is not a setting: the names of all settings start with millrace.",
                        "millrace.api.port=99999 in " + file + ": it must be a whole number from 0 to 65535",
                        "MILLRACE_LEASE=soon: it must be a time from 1s to 1d, as a number with ms, s, m, h or d: 10s, 5m, 250ms",
                        "--registry.url=ftp://x: it must be a URL such as http://host:port",
                        "--servers=host: it must be host:port, several separated by commas, with ports from 1 to 65535",
                        "--unit=fortnights: it must be one of hours, days",
                        "--flag=maybe: it must be true or false",
                        "--empty=: it must not be empty",
                        "--queue=GPU: it must be lowercase letters",
                        "millrace.state.directory: it must be set",
                        "MILLRACE_API_HSOT=x: there is no such setting; did you mean MILLRACE_API_HOST?");
    }

    private enum Unit {
        HOURS,
        DAYS
    }

    @Test
    void suggestTheKeyThatWasMeantInTheSpellingOfThePlace() throws IOException {
        var file = file("millrace.kafka.bootstrap.server=a:1\nmillrace.zzz=1\n");
        var settings = Settings.builder().file(file).flag("api.prot", "1").build();
        settings.hostPorts("kafka.bootstrap.servers").or(List.of());
        settings.integer("api.port", 0, 1).or(0);

        assertThat(mistakes(settings))
                .containsExactlyInAnyOrder(
                        "millrace.kafka.bootstrap.server=a:1 in " + file
                                + ": there is no such setting; did you mean millrace.kafka.bootstrap.servers?",
                        "millrace.zzz=1 in " + file + ": there is no such setting",
                        "--api.prot=1: there is no such setting; did you mean --api.port?");
    }

    @Test
    void neverPrintASecret() {
        var settings = Settings.builder()
                .environment(Map.of(
                        "MILLRACE_API_TOKEN", "hunter2",
                        "MILLRACE_REGISTRY_URL", "htp://alice:a@/hunter2@host",
                        "MILLRACE_KAFKA_CLIENT_SASL_JAAS_CONFIG", "hunter2"))
                .build();
        settings.integer("api.token", 0, 1).or(0);
        settings.uri("registry.url", "http").required();

        assertThat(mistakes(settings))
                .contains(
                        "MILLRACE_API_TOKEN=****: it must be a whole number from 0 to 1",
                        "MILLRACE_REGISTRY_URL=htp://****@host: it must be a URL such as http://host:port")
                .noneMatch(mistake -> mistake.contains("hunter2"));
        assertThat(settings.toString()).contains("millrace.api.token=****").doesNotContain("hunter2");
    }

    @Test
    void knowAllMembersOfAGroup() {
        var settings = Settings.builder()
                .environment(Map.of("MILLRACE_KAFKA_CLIENT_SECURITY_PROTOCOL", "SSL"))
                .flag("kafka.client.client.id", "x")
                .build();

        assertThat(settings.group("kafka.client"))
                .containsOnly(Map.entry("security.protocol", "SSL"), Map.entry("client.id", "x"));
        assertThatCode(settings::finish).doesNotThrowAnyException();
    }

    @Test
    void doNotMistakeTheVariablesOfAScriptOrOfTheStartScriptForSettings() {
        var settings = Settings.builder()
                .environment(Map.of("MILLRACE_RUN_ID", "r1", "MILLRACE_INPUTS", "/x", "MILLRACE_OPTS", "-Xmx1g"))
                .ignoring(Set.of("MILLRACE_OPTS"))
                .build();

        assertThatCode(settings::finish).doesNotThrowAnyException();
    }

    @Test
    void reportTheMistakesOfAllModulesTogether() {
        var settings = Settings.of(Map.of("a", "x", "b", "y", "c", "1"));
        var first = settings.reading(given -> {
            var value = given.integer("a", 0, 9).required();
            given.check();
            return value;
        });
        var second = settings.reading(given -> given.integer("b", 0, 9).required());
        var third = settings.reading(given -> given.integer("c", 0, 9).required());

        assertThat(mistakes(settings)).hasSize(2);
        assertThat(third.get()).isOne();
        assertThat(second.get()).isZero();
        assertThat(catchThrowableOfType(SettingsException.class, first::get).mistakes())
                .hasSize(1);
    }

    @Test
    void reportAMistakeThatOnlySeveralSettingsTogetherShow() {
        var settings = Settings.of(Map.of("lease", "5s"));
        settings.duration("lease", SECOND, DAY).required();
        settings.mistake("lease", "it must be longer than three heartbeats");
        settings.mistake("grace", "it must be set when there is a lease");

        assertThat(mistakes(settings))
                .containsExactly(
                        "--lease=5s: it must be longer than three heartbeats",
                        "millrace.grace: it must be set when there is a lease");
    }

    @Test
    void reportAFileThatCannotBeRead() {
        var settings =
                Settings.builder().file(directory.resolve("absent.properties")).build();

        assertThat(mistakes(settings)).singleElement().asString().contains("absent.properties cannot be read");
    }

    private static List<String> mistakes(Settings settings) {
        var thrown = catchThrowableOfType(SettingsException.class, settings::finish);
        assertThat(thrown.mistakes()).allSatisfy(mistake -> assertThat(thrown).hasMessageContaining(mistake));
        return thrown.mistakes();
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("millrace.properties"), content);
    }
}

package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.RecordedTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfilesTest {
    private static final String TWO = """
            default: staging
            profiles:
              staging:
                url: http://127.0.0.1:1
              prod:
                url: http://127.0.0.1:2
                kafka: k1:9092,k2:9092
                registry: https://me:hunter2@registry.example.org
                prefix: prod.millrace.
                client:
                  security.protocol: SASL_SSL
                  sasl.jaas.config: required password="hunter2";
            """;

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private RecordedTerminal recorded = RecordedTerminal.pipe();

    @Test
    void listsProfilesAndMarksTheCurrentOne() throws IOException {
        config(TWO);

        assertThat(execute("profiles")).isZero();
        assertThat(recorded.out().lines().toList()).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(1)).startsWith("*  staging");
            assertThat(lines.get(2)).contains("prod").contains("prod.millrace.");
        });
        environment.put("MILLRACE_PROFILE", "prod");
        assertThat(execute("profiles")).isZero();
        assertThat(recorded.out().lines().toList().get(2)).startsWith("*  prod");
    }

    @Test
    void showsNoSecretInAnyForm() throws IOException {
        config(TWO);

        for (String[] line : List.of(
                new String[] {"profiles"}, new String[] {"profiles", "-o", "json"}, new String[] {"--debug", "profiles"
                })) {
            assertThat(execute(line)).isZero();
            assertThat(recorded.out() + recorded.err())
                    .contains("registry.example.org")
                    .doesNotContain("hunter2");
        }
        JsonNode json = Json.parse(outOf("profiles", "-o", "json"));
        assertThat(json.at("/profiles/1/client/sasl.jaas.config").asText()).isEqualTo("****");
        assertThat(json.at("/profiles/1/client/security.protocol").asText()).isEqualTo("SASL_SSL");
        assertThat(json.path("current").asText()).isEqualTo("staging");
    }

    @ParameterizedTest
    @CsvSource({
        "runs --url http://127.0.0.1:9 --profile prod, prod, http://127.0.0.1:8, http://127.0.0.1:9",
        "runs --profile prod, , http://127.0.0.1:8, http://127.0.0.1:2",
        "runs, prod, http://127.0.0.1:8, http://127.0.0.1:8",
        "runs, prod, , http://127.0.0.1:2",
        "runs, , , http://127.0.0.1:1",
    })
    void asksTheCoordinatorThatIsNamedMostClosely(String line, String profile, String url, String asked)
            throws IOException {
        config(TWO);
        put("MILLRACE_PROFILE", profile);
        put("MILLRACE_URL", url);

        assertThat(execute(line.split(" "))).isEqualTo(3);
        assertThat(recorded.err()).contains("no coordinator answers at " + asked + ";");
    }

    @Test
    void findsTheFileWhereTheXdgBaseDirectoriesHaveIt() throws IOException {
        Path home = directory.resolve("home");
        Path file = home.resolve(".config/millrace/config.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, TWO);

        environment.put("HOME", home.toString());
        assertThat(outOf("profiles")).contains("staging");
        environment.put("XDG_CONFIG_HOME", home.resolve(".config").toString());
        environment.put("HOME", "/nowhere");
        assertThat(outOf("profiles")).contains("staging");
        environment.put("XDG_CONFIG_HOME", "/nowhere");
        assertThat(execute("profiles")).isZero();
        assertThat(recorded.err()).contains("no profiles in /nowhere/millrace/config.yaml");
    }

    @Test
    void tellsAllMistakesAtOnceWithTheirPlacesAndWithoutTheirValues() throws IOException {
        Path file = config("""
                default: stagin
                profils: {}
                profiles:
                  staging: {url: "ftp://hunter2", kafk: x}
                  "a b": {kafka: hunter2, registry: 3, prefix: a/b, client: {sasl.password: [hunter2]}}
                  c: 3
                  staging: {}
                """);

        assertThat(execute("profiles")).isEqualTo(2);
        assertThat(recorded.err()
                        .lines()
                        .map(line -> line.replace(file.toString(), "f").strip()))
                .containsExactly(
                        "millrace: the profiles cannot be used:",
                        "f:2:1: there is no key `profils` here, but default, profiles; did you mean `profiles`?",
                        "f:4:18: `url` must be a URL that starts with http:// or https://",
                        "f:4:35: there is no key `kafk` here, but client, kafka, prefix, registry, url; did you mean `kafka`?",
                        "f:5:3: 'a b' is no name of a profile: letters, digits, '.', '_' and '-'",
                        "f:5:18: `kafka` must be host:port, several separated by commas",
                        "f:5:37: `registry` must be a URL that starts with http:// or https://",
                        "f:5:48: `prefix` must be up to 100 letters, digits, dots, underscores and hyphens",
                        "f:5:77: sasl.password must be a text",
                        "f:6:6: the profile c must be an object",
                        "f:7:3: `staging` stands twice",
                        "f: `default` names the profile stagin, which there is not; did you mean `staging`?");
    }

    @ParameterizedTest
    @CsvSource({
        "'profiles: [', is not YAML",
        "'[]', the file must be an object",
        "'profiles: {a: {url: }}', `url` must be a text",
        "'default: a', names the profile a",
        "'? [1]\n: 2', a key must be a text",
    })
    void refusesWhatIsNoFileOfProfiles(String text, String sentence) throws IOException {
        config(text);

        assertThat(execute("profiles")).isEqualTo(2);
        assertThat(recorded.err()).contains(sentence).doesNotContain("\tat ");
    }

    @Test
    void leavesTheFileAloneWhereNoClusterIsAsked() throws IOException {
        config("nonsense: [");

        assertThat(execute("version")).isZero();
        assertThat(execute("help", "runs")).isZero();
    }

    @Test
    void saysWhichProfileThereIsNot() throws IOException {
        config(TWO);

        assertThat(execute("--profile", "pord", "runs")).isEqualTo(2);
        assertThat(recorded.err()).contains("there is no profile 'pord' in ").contains("did you mean 'prod'?");
        environment.put("MILLRACE_PROFILE", "nope");
        assertThat(execute("runs")).isEqualTo(2);
        assertThat(recorded.err()).contains("MILLRACE_PROFILE: there is no profile 'nope'");
        environment.put("MILLRACE_CONFIG", "/nowhere/config.yaml");
        assertThat(execute("runs")).isEqualTo(2);
        assertThat(recorded.err()).contains("MILLRACE_CONFIG names the file /nowhere/config.yaml");
    }

    private Path config(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("config.yaml"), text);
        environment.put("MILLRACE_CONFIG", file.toString());
        return file;
    }

    private void put(String name, String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    private String outOf(String... arguments) {
        assertThat(execute(arguments)).isZero();
        return recorded.out();
    }

    private int execute(String... arguments) {
        recorded = RecordedTerminal.pipe();
        return MillraceCommand.execute(arguments, recorded.terminal(), environment);
    }
}

package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptProtocolTest {
    @TempDir
    Path directory;

    @Test
    void givesAScriptItsInputsAndTakesItsOutput() throws IOException {
        Workbench bench = new Workbench(directory).inputs("{\"a\": [1, 2.5, \"x\"]}");
        Execution execution = bench.shell("cp \"$MILLRACE_INPUTS\" \"$MILLRACE_OUTPUT\"; echo out; echo err >&2");
        assertThat(Workbench.JSON.readTree(Workbench.output(execution)))
                .isEqualTo(Workbench.JSON.readTree("{\"a\": [1, 2.5, \"x\"]}"));
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("out");
        assertThat(bench.texts(LogStream.STDERR)).containsExactly("err");
    }

    @Test
    void namesTheDeliveryInTheEnvironmentAndNothingOfTheWorker() throws IOException {
        Workbench bench = new Workbench(directory).env(Map.of("MINE", "1", "MILLRACE_TASK", "forged"));
        String code = "import os, json; json.dump({k: v for k, v in os.environ.items() if k.startswith('MILLRACE_')"
                + " or k == 'MINE'}, open(os.environ['MILLRACE_OUTPUT'], 'w'))";
        JsonNode variables = Workbench.JSON.readTree(Workbench.output(bench.python(code)));
        assertThat(variables.get("MILLRACE_RUN_ID").asText()).isEqualTo("run1");
        assertThat(variables.get("MILLRACE_PIPELINE").asText()).isEqualTo("demo");
        assertThat(variables.get("MILLRACE_VERSION").asText()).isEqualTo("7");
        assertThat(variables.get("MILLRACE_TASK").asText()).isEqualTo("task1");
        assertThat(variables.get("MILLRACE_ATTEMPT").asText()).isEqualTo("2");
        assertThat(variables.get("MILLRACE_EPOCH").asText()).isEqualTo("3");
        assertThat(variables.get("MILLRACE_IDEMPOTENCY_KEY").asText()).isEqualTo("key-1");
        assertThat(variables.get("MILLRACE_QUEUE").asText()).isEqualTo("default");
        assertThat(variables.get("MINE").asText()).isEqualTo("1");
        assertThat(variables.size()).isEqualTo(14);
    }

    @Test
    void hidesTheWorkersConfigurationFromScripts() throws IOException {
        Workspace workspace = new Workspace(directory);
        Delivery delivery = new Delivery(
                new DeliveryId("r", "t", 1, 1),
                "p",
                1,
                "q",
                "shell",
                "{}",
                "{}",
                Map.of(),
                Map.of(),
                java.util.List.of(),
                java.util.List.of(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                "k");
        Map<String, String> environment = ScriptEnvironment.of(
                Map.of("MILLRACE_KAFKA_CLIENT_SASL_JAAS_CONFIG", "secret", "HOME", "/home/x"),
                delivery,
                workspace,
                "m");
        assertThat(environment).containsEntry("HOME", "/home/x").doesNotContainValue("secret");
        workspace.close();
    }

    @Test
    void takesAnAbsentAndABlankOutputForAnEmptyObject() {
        assertThat(Workbench.output(new Workbench(directory).shell("true"))).isEqualTo("{}");
        assertThat(Workbench.output(new Workbench(directory).shell("echo > $MILLRACE_OUTPUT")))
                .isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'not json' > $MILLRACE_OUTPUT",
                "echo '[1]' > $MILLRACE_OUTPUT",
                "echo '{} {}' > $MILLRACE_OUTPUT",
                "echo '{\"a\":1,\"a\":2}' > $MILLRACE_OUTPUT",
                "echo '{\"a\":NaN}' > $MILLRACE_OUTPUT",
                "printf '\\377' > $MILLRACE_OUTPUT",
                "head -c 300000 /dev/zero | tr '\\0' ' ' > $MILLRACE_OUTPUT",
                "mkdir $MILLRACE_OUTPUT",
                "mkfifo $MILLRACE_OUTPUT",
                "ln -s /etc/hostname $MILLRACE_OUTPUT"
            })
    void refusesAnOutputThatIsNoObjectOrTooLarge(String command) {
        Failure failure = Workbench.failure(new Workbench(directory).shell(command));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$(touch pwned)",
                "`touch pwned`",
                "'; touch pwned; '",
                "\"; touch pwned; \"",
                "new\nline",
                "tab\tand \u0001 control",
                "\u0000 nul",
                "\uD83D\uDE00 and \u202E",
                "-rf /",
                "%s %n $HOME ${HOME} \\ *"
            })
    void passesNastyInputsThroughUnharmed(String value) throws IOException {
        Workbench bench = new Workbench(directory).inputs(Workbench.json(Map.of("value", value)));
        Execution execution = bench.shell("cat $MILLRACE_INPUTS > $MILLRACE_OUTPUT; ls -A");
        assertThat(Workbench.JSON
                        .readTree(Workbench.output(execution))
                        .get("value")
                        .asText())
                .isEqualTo(value);
        assertThat(bench.texts(LogStream.STDOUT)).isEmpty();
    }

    @Test
    void passesNastyVariablesThroughAndRefusesWhatNoProcessCanBeGiven() {
        String nasty = "$(touch pwned) '\"\n\\ \uD83D\uDE00";
        Workbench bench = new Workbench(directory).env(Map.of("NASTY", nasty));
        Execution execution = bench.python(
                "import os, json; json.dump({'v': os.environ['NASTY']}, open(os.environ['MILLRACE_OUTPUT'], 'w'))");
        assertThat(Workbench.output(execution)).contains("touch pwned");
        for (Map<String, String> impossible : java.util.List.of(Map.of("A", "x\0y"), Map.of("A=B", "x"))) {
            Failure failure =
                    Workbench.failure(new Workbench(directory).env(impossible).shell("true"));
            assertThat(failure.kind()).isEqualTo(FailureKind.ERROR);
            assertThat(failure.retryable()).isFalse();
        }
        assertThat(Workbench.failure(new Workbench(directory).shell("echo \0")).kind())
                .isEqualTo(FailureKind.ERROR);
    }

    @Test
    void runsCodeThatIsTooLongForAnArgument() {
        String filler = "# " + "x".repeat(200_000) + "\n";
        Workbench bench = new Workbench(directory);
        assertThat(bench.shell(filler + "echo long").outcome()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.python(filler + "print('long')").outcome()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("long", "long");
    }

    @Test
    void laysFilesAndRunsOneWithArguments() {
        Workbench bench = new Workbench(directory)
                .files(
                        file("main.py", "import sys, lib.part\nprint(lib.part.name, *sys.argv[1:])\n", false),
                        file("lib/part.py", "name = 'part'\n", false),
                        file("tool", "#!/bin/sh\necho tool $1\n", true));
        assertThat(bench.execute("python", "{\"file\": \"main.py\", \"args\": [\"a b\", \"$c\"]}")
                        .outcome())
                .isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.shell("./tool x; test ! -x main.py").outcome()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.execute("shell", "{\"file\": \"tool\", \"args\": [\"y\"]}")
                        .outcome())
                .isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("part a b $c", "tool x", "tool y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/x", "a/../../x", "a/..", ".", "", "a//b", "a/./../b", "x\0y", ".."})
    void refusesFilesThatLeadOutOfTheWorkingDirectory(String path) {
        Failure failure = Workbench.failure(
                new Workbench(directory).files(file(path, "x", false)).shell("true"));
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).contains("path");
    }

    @Test
    void refusesFilesThatAreInEachOthersPlace() {
        Workbench bench = new Workbench(directory).files(file("a", "x", false), file("a/b", "y", false));
        assertThat(Workbench.failure(bench.shell("true")).message()).contains("in its place");
    }

    @Test
    void startsEachAttemptInAnEmptyDirectoryAndDeletesItWhateverIsInIt() throws IOException {
        Workbench bench = new Workbench(directory);
        bench.shell("ls -A; touch a; ln -s /etc/hostname link; mkdir -p b/c; touch b/c/d; chmod 0 b");
        bench.shell("ls -A");
        assertThat(bench.lines).isEmpty();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
        assertThat(Path.of("/etc/hostname")).exists();
    }

    @Test
    void givesAScriptNothingToRead() {
        assertThat(new Workbench(directory)
                        .shell("read -r line || test -z \"$line\"")
                        .outcome())
                .isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void saysThatAnInterpreterIsMissing() {
        Workbench bench = new Workbench(directory).env(Map.of("PATH", directory.toString()));
        Failure failure = Workbench.failure(bench.python("print(1)"));
        assertThat(failure.kind()).isEqualTo(FailureKind.ERROR);
        assertThat(failure.message()).contains("There is no 'python3' on this worker.");
        assertThat(failure.retryable()).isTrue();
        assertThat(Workbench.failure(bench.shell("true")).message()).contains("neither 'bash' nor 'sh'");
    }

    @Test
    void refusesAnUnknownKindAndAnImpossibleAction() {
        Failure kind = Workbench.failure(new Workbench(directory).execute("cobol", "{}"));
        assertThat(kind.message()).contains("cobol").contains("java, python, shell");
        assertThat(kind.retryable()).isFalse();
        for (String action :
                java.util.List.of("", "[]", "{}", "{\"command\": 1}", "nonsense", "{\"file\": \"../x\"}")) {
            Failure failure = Workbench.failure(new Workbench(directory).execute("shell", action));
            assertThat(failure.retryable()).as(action).isFalse();
        }
    }

    private static TaskFile file(String path, String content, boolean executable) {
        return new TaskFile(path, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), executable);
    }
}

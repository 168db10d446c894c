package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a script can do to its worker by what it writes, where it writes it, and how it ends. Whatever it does, nothing of it is left afterwards. */
@Tag("any-jdk")
@Timeout(120)
class HostileScriptsTest {
    @TempDir
    Path directory;

    private Workbench bench;

    @BeforeEach
    void aBench() {
        bench = new Workbench(directory);
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(bench.processes()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'{\"a\":' * 40000 | The output is not JSON",
                "'[' * 200000 | The output is not JSON",
                "'{\"a\":\"\\0\"}' | The output is not JSON",
                "'{\"a\":Infinity}' | The output is not JSON",
                "'{\"a\":' + '9' * 100000 + '}' | The output is not JSON",
                "'{\"a\":1}\\0' | The output is not JSON",
                "'{\"a\":1},' | The output is not JSON",
                "'{\"a\":{\"b\":1,\"b\":2}}' | Duplicate field 'b'",
                "'{\"a\":\"\\udcff\"}' | The output is not UTF-8.",
                "'\"text\"' | has to be a JSON object, and is string.",
                "'null' | has to be a JSON object, and is null.",
            })
    void refusesWhatIsNoOutputInOneSentence(String content, String sentence) {
        Failure failure = Workbench.failure(bench.python("import os\nwith open(os.environ['MILLRACE_OUTPUT'], 'w',"
                + " encoding='utf-8', errors='surrogateescape') as out: out.write(" + content + ")"));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).contains(sentence).hasSizeLessThan(1_000).doesNotContain("\n");
    }

    /** Written out it would have a billion digits; the secret is there so that every value is looked into. */
    @Test
    void writesNoGiganticNumberOut() {
        String number = "{\"artifact\":\"sha256:" + "0".repeat(64) + "\",\"name\":\"x\",\"size\":1e999999999}";
        Execution execution = bench.secrets(Map.of("TOKEN", "hunter22"))
                .fileOutputs("model")
                .shell("echo '{\"progress\":1e999999999,\"checkpoint\":{\"n\":1e999999999}}' > $MILLRACE_PROGRESS;"
                        + " echo '{\"n\":-1e999999999,\"model\":" + number + "}' > $MILLRACE_OUTPUT");
        assertThat(Workbench.output(execution)).hasSizeLessThan(300).contains("E+999999999");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ln -s /dev/zero $MILLRACE_OUTPUT | MILLRACE_OUTPUT is not a plain file any more.",
                "ln -s $MILLRACE_INPUTS $MILLRACE_OUTPUT | MILLRACE_OUTPUT is not a plain file any more.",
                "mkfifo $MILLRACE_OUTPUT; sleep 300 > $MILLRACE_OUTPUT & | MILLRACE_OUTPUT is not a plain file any more.",
                "truncate -s 1T $MILLRACE_OUTPUT | The output has 1099511627776 bytes, which is over the limit of 262144 bytes",
            })
    void readsNothingButAPlainFileOfBoundedSize(String script, String sentence) {
        Failure failure = Workbench.failure(bench.shell(script));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
        assertThat(failure.message()).contains(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ln -s /dev/zero $MILLRACE_PROGRESS | is not a plain file any more",
                "(mkfifo $MILLRACE_PROGRESS; sleep 300 > $MILLRACE_PROGRESS &) | is not a plain file any more",
                "truncate -s 1T $MILLRACE_PROGRESS | has more than 262144 bytes",
                "printf '\\377\\376\\0' > $MILLRACE_PROGRESS | MILLRACE_PROGRESS is not JSON",
                "python3 -c 'print(\"[\" * 100000)' > $MILLRACE_PROGRESS | MILLRACE_PROGRESS is not JSON",
                "echo '{\"progress\":1e999}' > $MILLRACE_PROGRESS | is not taken",
            })
    void isNotHeldUpByItsProgressFile(String script, String complaint) {
        assertThat(Workbench.output(bench.shell(script + "; sleep 1.2"))).isEqualTo("{}");
        assertThat(bench.texts(LogStream.SYSTEM)).first().asString().contains(complaint);
        assertThat(bench.progress).isEmpty();
    }

    @Test
    void givesOutWhatIsWrittenInPiecesAsTheLinesThatTheyMake() {
        bench.secrets(Map.of("TOKEN", "hünter22")).python("""
                        import os, time
                        for byte in "it is hünter22.".encode():
                            os.write(1, bytes([byte]))
                            time.sleep(0.01)
                        """);
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("it is ***.");
    }

    @Test
    void takesAnyBytesForOutput() {
        Execution execution = bench.outputLimit(1_000_000)
                .shell("head -c 3000000 /dev/urandom; head -c 100000 /dev/urandom >&2; printf '\\r\\n\\033[2J\\0end'");
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.text()).hasSizeLessThanOrEqualTo(TaskOutput.MAX_LINE_CHARS));
    }

    @Test
    void goesOnWithoutItsOutputWhenItClosesItAndReopensIt() {
        Execution execution =
                bench.shell("exec 3>&1; exec >&- 2>&-; sleep 0.3; echo '{\"a\":1}' > $MILLRACE_OUTPUT; echo back >&3");
        assertThat(Workbench.output(execution).strip()).isEqualTo("{\"a\":1}");
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("back");
    }

    @ParameterizedTest
    @CsvSource({"rm -rf \"$PWD\"", "rm -rf \"$(dirname $MILLRACE_OUTPUT)\"", "cd ..; rm -rf work; ln -s / work"})
    void mayDeleteItsOwnDirectories(String script) {
        Execution execution = bench.shell("echo before; " + script + "; echo after");
        assertThat(Workbench.output(execution)).isEqualTo("{}");
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("before", "after");
        assertThat(Path.of("/etc/passwd")).exists();
    }

    @Test
    void mayLeaveThousandsOfFilesWithoutPermissionsAndWithStrangeNames() {
        Execution execution = bench.python("""
                import os
                for i in range(5000):
                    open(str(i), "w").close()
                for name in (b"new\\nline", b"\\xff\\xfe", b"-rf", b" ", b"x" * 255, "\\u202e".encode()):
                    os.makedirs(name)
                    open(os.path.join(name, name), "w").close()
                    os.chmod(name, 0)
                os.chmod(".", 0)
                """);
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
    }

    /** Deeper than any path may be long. */
    @Test
    void mayLeaveDirectoriesAsDeepAsItLikes() {
        for (String name : List.of("d", "d" + "x".repeat(250))) {
            Execution execution = bench.python("import os\nfor i in range(3000):\n    os.mkdir('" + name
                    + "'); os.chdir('" + name + "')\nopen('end', 'w').close()");
            assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void endsAFamilyOfHundredsInAsManySessions() {
        Failure failure = Workbench.failure(
                bench.timeout(Duration.ofSeconds(3)).killGrace(Duration.ZERO).python("""
                import os, time
                for generation in range(8):
                    if os.fork() == 0:
                        os.setsid()
                time.sleep(300)
                """));
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
    }

    @Test
    void endsAScriptThatHasStoppedItself() {
        Failure failure = Workbench.failure(bench.timeout(Duration.ofSeconds(1))
                .killGrace(Duration.ofMillis(200))
                .shell("kill -STOP $$"));
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
    }

    static Stream<Integer> signalsThatEndAProcess() {
        List<Integer> others = List.of(17, 18, 19, 20, 21, 22, 23, 28, 32, 33);
        return IntStream.rangeClosed(1, 64).boxed().filter(signal -> !others.contains(signal));
    }

    @ParameterizedTest
    @MethodSource("signalsThatEndAProcess")
    void tellsTheSignalThatEndedIt(int signal) {
        Failure failure =
                Workbench.failure(bench.python("import os, signal\nsignal.pthread_sigmask(signal.SIG_UNBLOCK, ["
                        + signal + "])\nif " + signal + " != 9:\n    signal.signal(" + signal
                        + ", signal.SIG_DFL)\nos.kill(os.getpid(), " + signal + ")\nsignal.pause()"));
        assertThat(failure.kind()).isEqualTo(FailureKind.SIGNAL);
        assertThat(failure.signal()).hasValue(signal);
        assertThat(failure.message()).startsWith("The process was ended by signal " + signal);
    }
}

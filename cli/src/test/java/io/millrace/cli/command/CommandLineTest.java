package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.terminal.RecordedTerminal;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CommandLineTest {
    private final RecordedTerminal recorded = RecordedTerminal.pipe();

    @Test
    void showsWhatVerbsThereAreWhenNoneIsGiven() {
        assertThat(execute()).isEqualTo(2);
        assertThat(recorded.err()).contains("Usage: millrace").contains("validate");
    }

    @ParameterizedTest
    @CsvSource({
        "valdiate, unknown verb 'valdiate'; did you mean 'validate'?",
        "tial, unknown verb 'tial'; did you mean 'tail'?",
        "quite_else, unknown verb 'quite_else'",
        "runs --statsu failed, unknown option '--statsu'; did you mean '--status'?",
        "runs --status fialed, invalid value for option '--status'",
        "runs --limit 0, --limit must be at least 1",
        "runs one, one argument too many: 'one'",
        "show, missing required parameter: 'RUN'",
        "tail --type run_faild, did you mean 'run_failed'?",
        "tail --from yesterday, use beginning",
        "-o yaml runs, expected one of [text",
        "--url nonsense runs, is not like http://127.0.0.1:7070",
        "run no_such_file.yaml, there is no file no_such_file.yaml",
        "run ., it is a directory",
        "help vallidate, did you mean 'validate'?",
        "up --queues Default, --queues",
        "up --kafka-port 70000, between 0 and 65535",
        "up --slots 0, --slots must be at least 1",
        "coordinator --set no.such.setting=1, there is no such setting",
        "worker --slots many, worker.slots",
        "registry --port 70000, registry.port",
        "registry --bootstrap nonsense, kafka.bootstrap.servers",
        "lint, missing required parameter: 'FILE'",
        "lint --strickt x.yaml, did you mean '--strict'?",
        "lint no_such_file.yaml, there is no file no_such_file.yaml",
        "graph --format png x.yaml, expected one of [text",
        "graph src, it is a directory",
        "validate src/main/java/io/millrace/cli/profile, there is no *.yaml or *.yml in the directory",
        "topics lst, unknown verb 'lst'; did you mean 'list'?",
        "topics create --partitions 0, --partitions must be from 1",
        "topics create --replicas many, invalid value for option '--replicas'",
        "topics check --bootstrap nonsense, kafka.bootstrap.servers",
        "topics list --bootstrap 127.0.0.1:1 --prefix a/b, topic.prefix",
        "topics check --bootstrap 127.0.0.1:1 --queues, missing required parameter for option '--queues'",
        "runs --status running;failed, invalid value for option '--status'",
        "runs --since yesterday, --since: 'yesterday' is no moment",
        "runs --trigger cron, expected one of [api",
        "why, missing required parameter: 'RUN'",
        "approve last, missing required parameter: 'TASK'",
        "rerun, missing required parameter: 'RUN'",
        "workers --health sick, expected one of [alive",
        "queues default, one argument too many: 'default'",
        "dead-letters lst, unknown verb 'lst'; did you mean 'list'?",
        "dead-letters list --reason undecodeable, did you mean 'undecodable'?",
        "dead-letters list --limit -1, --limit must be at least 1",
        "dead-letters replay, either name dead letters",
        "dead-letters replay x --topic y, either name dead letters",
        "dead-letters show, missing required parameter: 'ID'",
        "completion fish, expected one of [bash",
        "--profile prod runs, there is no profile 'prod'",
        "trigger hello.yaml, `millrace apply hello.yaml` makes it known",
        "trigger hello -i name, value for option '--input'",
        "bench W99, there is no workload W99; there are W1",
        "bench W1 --compare no_such_file.json, no_such_file.json cannot be read",
        "help lint-rule, did you mean 'lint-rules'?",
    })
    void answersBadUsageWithOneSentenceAndExitCodeTwo(String line, String sentence) {
        assertThat(execute(line.split(" "))).isEqualTo(2);
        assertThat(recorded.err()).startsWith("millrace: ").contains(sentence).doesNotContain("\tat ");
        assertThat(recorded.out()).isEmpty();
    }

    @Test
    void saysWhatToStartWhenNoCoordinatorAnswers() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        assertThat(execute("runs", "--url", "http://127.0.0.1:" + free)).isEqualTo(3);
        assertThat(recorded.err()).contains("start one with `millrace up`").hasLineCount(1);
    }

    @Test
    void showsAStackTraceOnlyWithDebug() {
        execute("--debug", "run", "no_such_file.yaml");

        assertThat(recorded.err()).contains("\tat ");
    }

    @Test
    void tellsItsVersion() {
        assertThat(execute("version")).isZero();
        assertThat(recorded.out()).startsWith("millrace ").hasLineCount(1);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void namesEveryVerbInASentence(String verb) {
        assertThat(execute("help")).isZero();
        String first = verb.split(" ")[0];
        assertThat(recorded.out().lines().filter(line -> line.startsWith("  " + first + " ")))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("."));
    }

    @Test
    void tellsItsExitCodes() {
        assertThat(execute("help", "exit-codes")).isZero();
        assertThat(recorded.out()).contains("  130  ").hasLineCount(ExitCode.values().length);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void explainsEveryVerbWithExamples(String verb) {
        assertThat(execute((verb + " --help").split(" "))).isZero();
        assertThat(recorded.out()).contains("Usage: millrace " + verb);
        if (!verb.equals("version")) {
            assertThat(recorded.out()).contains("Examples:\n  ");
        }
        assertThat(recorded.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void understandsEveryExampleOfItsHelp(String example) {
        String[] words = example.strip().split(" ");
        List<String> arguments = new ArrayList<>(List.of(words).subList(1, words.length));

        CommandLine root = MillraceCommand.commandLine(recorded.terminal());
        root.parseArgs(arguments.toArray(String[]::new));
    }

    static Stream<String> verbs() {
        return allVerbs().map(verb -> verb.getCommandSpec().qualifiedName().replaceFirst("^millrace ", ""));
    }

    private static Stream<CommandLine> allVerbs() {
        return MillraceCommand.commandLine(RecordedTerminal.pipe().terminal()).getSubcommands().values().stream()
                .flatMap(verb -> Stream.concat(Stream.of(verb), verb.getSubcommands().values().stream()));
    }

    static Stream<String> examples() {
        return allVerbs()
                .flatMap(verb -> Stream.of(verb.getCommandSpec().usageMessage().footer()))
                .filter(line -> line.startsWith("  millrace "))
                .map(line -> line.replaceAll("\"[^\"]*\"", "TEXT").replaceAll(" [|>].*", ""));
    }

    @Test
    void leavesColoursOutWhenAskedTo(@TempDir Path directory) throws IOException {
        RecordedTerminal screen = RecordedTerminal.screen(100);
        Path file = Files.writeString(directory.resolve("x.yaml"), "id: [");

        MillraceCommand.execute(new String[] {"--no-color", "validate", file.toString()}, screen.terminal());

        assertThat(screen.out()).isNotEmpty().doesNotContain("\u001b");
    }

    private int execute(String... arguments) {
        return MillraceCommand.execute(arguments, recorded.terminal());
    }
}

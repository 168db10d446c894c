package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.local.LocalPlatform;
import io.millrace.cli.local.LocalPlatformConfig;
import io.millrace.cli.local.TemporaryDirectory;
import io.millrace.cli.terminal.Terminal;
import io.millrace.expression.Document;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.expression.ValueType;
import io.millrace.pipeline.Inputs;
import io.millrace.pipeline.Pipeline;
import io.millrace.schemas.QueueName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Run a pipeline file here and now: the whole platform in this process, nothing kept.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace run docs/examples/hello.yaml -i name=Ada",
            "  millrace run docs/examples/iris/iris.yaml --inputs settings.json",
            "  millrace run pipeline.yaml -o json | jq .tasks[].output",
            "",
            "Exit code 0: the run succeeded; 1: it failed; 2: the file or the inputs are not right; 130: Ctrl-C."
        })
final class RunFileCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(paramLabel = "FILE", description = "The pipeline's file (YAML).")
    private Path file = Path.of("");

    @Mixin
    private InputOptions given = new InputOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Leave out what the tasks write.")
    private boolean quiet;

    RunFileCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        PipelineFile read = PipelineFile.read(file);
        if (Problems.print(List.of(read), terminal)) {
            return ExitCode.INVALID.number();
        }
        Problems.hint(List.of(read), terminal);
        Pipeline pipeline = read.pipeline().orElseThrow();
        JsonNode inputs = inputs(pipeline);
        Set<QueueName> queues = queues(pipeline);
        Stop stop = millrace.stop();
        try (TemporaryDirectory data = TemporaryDirectory.create();
                LocalPlatform platform = millrace.start(LocalPlatformConfig.onFreePorts(data.path(), queues), stop)) {
            RunView run = run(read, inputs, platform, stop);
            if (millrace.json()) {
                terminal.line(Json.pretty(new ApiClient(platform.apiUrl()).run(run.id())));
            } else {
                new RunReport(terminal).lines(run, terminal.interactive()).forEach(terminal::line);
            }
            return (run.succeeded() ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }

    /** Those that it needs; a worker serves one even when no task needs a worker. */
    private static Set<QueueName> queues(Pipeline pipeline) {
        return pipeline.queues().isEmpty()
                ? Set.of(QueueName.DEFAULT)
                : pipeline.queues().stream().map(QueueName::new).collect(Collectors.toSet());
    }

    private RunView run(PipelineFile read, JsonNode inputs, LocalPlatform platform, Stop stop) {
        ApiClient api = new ApiClient(platform.apiUrl());
        api.apply(read.id(), read.bundle());
        Instant since = Instant.now();
        String runId = api.start(read.id(), inputs, read.id()).path("id").asText();
        try (TopicsAccess topics = new TopicsAccess(platform.kafka())) {
            Optional<LogFeed> logs =
                    quiet || millrace.json() ? Optional.empty() : Optional.of(new LogFeed(topics, runId, since));
            try {
                return new RunWatch(api, stop, millrace.screen(Clock.systemUTC()), logs).untilEnd(runId);
            } finally {
                logs.ifPresent(LogFeed::close);
            }
        }
    }

    /** What was given, once it is known to be what the pipeline asks for: before anything is started. */
    private JsonNode inputs(Pipeline pipeline) {
        Map<String, ValueType> types = pipeline.inputs().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().type()));
        ObjectNode inputs = given.read(types);
        try {
            List<String> problems =
                    Inputs.resolve(pipeline, Document.parse(Json.line(inputs))).problems();
            if (!problems.isEmpty()) {
                throw new UsageException(String.join("; ", problems));
            }
            return inputs;
        } catch (InvalidDocumentException e) {
            throw new UsageException("the inputs: " + e.getMessage(), e);
        }
    }
}

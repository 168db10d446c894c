package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.engine.RunId;
import io.millrace.expression.ValueType;
import io.millrace.pipeline.PipelineId;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "trigger",
        description = "Start a run of a pipeline.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace trigger hello -i name=Ada",
            "  millrace trigger iris --key nightly-2026-11-22 --wait",
            "",
            "With --key the trigger can be repeated: however often it is sent, there is one run."
        })
final class TriggerCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's id.")
    private String pipeline = "";

    @Mixin
    private InputOptions inputs = new InputOptions();

    @Option(
            names = {"-k", "--key"},
            paramLabel = "KEY",
            description = "Idempotency key: triggers of the pipeline with one key are one run.")
    private Optional<String> key = Optional.empty();

    @Option(
            names = {"-w", "--wait"},
            description = "Show the run until it ends; the exit code says how it did.")
    private boolean wait;

    TriggerCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        if (pipeline.isBlank()) {
            throw new UsageException("the pipeline's id must not be empty");
        }
        if (pipeline.endsWith(".yaml") || pipeline.endsWith(".yml")) {
            throw new UsageException("'" + pipeline + "' is a file, and a run is started of a pipeline by its id; "
                    + "`millrace apply " + pipeline + "` makes it known, and shows the id");
        }
        ApiClient api = millrace.api();
        JsonNode given = inputs.read(types(api.pipeline(pipeline)));
        Optional<RunView> before = key.flatMap(each -> runOf(api, each));
        // A key of our own makes the request safe to repeat, too.
        JsonNode started =
                api.start(pipeline, given, key.orElseGet(() -> UUID.randomUUID().toString()));
        String runId = started.path("id").asText();
        return wait ? await(api, runId) : told(started, runId, before);
    }

    /** The run that this key has led to already. */
    private Optional<RunView> runOf(ApiClient api, String sameKey) {
        try {
            String id = RunId.ofKey(new PipelineId(pipeline), sameKey).value();
            return Optional.of(Json.as(RunView.class, api.run(id)));
        } catch (ApiException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private int told(JsonNode started, String runId, Optional<RunView> before) {
        Terminal terminal = millrace.terminal();
        if (millrace.json()) {
            terminal.line(Json.pretty(started));
        } else {
            terminal.line(runId);
            String outcome = before.map(run -> "the run of this key was there already, and "
                            + (run.ended()
                                    ? run.status() + "; millrace rerun " + runId + " runs it again"
                                    : "goes on; see millrace show " + runId))
                    .orElseGet(() -> "accepted: " + pipeline + " version "
                            + started.path("version").asInt() + "; see millrace show " + runId);
            terminal.note(terminal.styled(Style.DIM, outcome));
        }
        return ExitCode.DONE.number();
    }

    private int await(ApiClient api, String runId) {
        Terminal terminal = millrace.terminal();
        Stop stop = millrace.stop();
        RunView run = new RunWatch(api, stop, millrace.screen(Clock.systemUTC()), Optional.empty()).untilEnd(runId);
        if (millrace.json()) {
            terminal.line(Json.pretty(api.run(runId)));
        } else {
            new RunReport(terminal).lines(run, terminal.interactive()).forEach(terminal::line);
        }
        return (run.succeeded() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private static Map<String, ValueType> types(JsonNode definition) {
        Map<String, ValueType> types = new HashMap<>();
        definition.path("inputs").properties().forEach(input -> {
            String type = input.getValue().path("type").asText("any").toUpperCase(Locale.ROOT);
            types.put(input.getKey(), ValueType.valueOf(type));
        });
        return types;
    }
}

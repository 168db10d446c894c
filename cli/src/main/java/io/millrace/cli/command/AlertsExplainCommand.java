package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.audit.reading.AuditUnavailableException;
import io.millrace.audit.replay.RecordedRun;
import io.millrace.audit.replay.Replay;
import io.millrace.cli.client.AlertView;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.client.UnreachableException;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.engine.AlertJudgement;
import io.millrace.engine.AlertSignal;
import io.millrace.engine.RunId;
import io.millrace.pipeline.AlertCause;
import io.millrace.pipeline.AlertRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "explain",
        description = "Explain why the alerts of a run's pipeline did, or did not, have something to say of the run.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace alerts explain last",
            "",
            "The rules are those of the version that the run is pinned to, and are evaluated once more over its recorded",
            "events; what became of the alerts since then is the coordinator's word."
        })
final class AlertsExplainCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private RunArgument run = new RunArgument();

    @Mixin
    private TopicsOptions where = new TopicsOptions();

    AlertsExplainCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        String id = run.id(millrace::api);
        if (!RunId.isValid(id)) {
            throw new UsageException("'" + id + "' is no run's id");
        }
        Optional<RecordedRun> recorded;
        try (TopicsAccess topics = where.open(millrace)) {
            Progress progress = new Progress(terminal, Clock.systemUTC(), "");
            recorded = topics.runLog((stage, read, all) -> progress.at(stage + ": " + read + " of " + all))
                    .read(new RunId(id));
        } catch (AuditUnavailableException e) {
            throw new UnreachableException(String.valueOf(e.getMessage()), e);
        }
        if (recorded.isEmpty()) {
            terminal.note("there is no run " + id + " in the audit log");
            return ExitCode.NOT_FOUND.number();
        }
        explain(recorded.get());
        return ExitCode.DONE.number();
    }

    private void explain(RecordedRun recorded) {
        Terminal terminal = millrace.terminal();
        List<AlertJudgement> judgements = new Replay(recorded).judgements();
        List<AlertView> alerts = new ArrayList<>();
        for (JsonNode each : millrace.api()
                .alerts(Optional.of(recorded.pipeline().id().value()), Optional.empty())
                .path("alerts")) {
            alerts.add(Json.as(AlertView.class, each));
        }
        ObjectNode json = Json.object().put("run", recorded.id().value());
        ArrayNode rules = json.putArray("rules");
        for (AlertRule rule : recorded.pipeline().alerts().all()) {
            List<String> said = judgements.stream()
                    .filter(judgement -> judgement.rule() == rule)
                    .map(AlertsExplainCommand::sentence)
                    .toList();
            List<AlertView> now = alerts.stream()
                    .filter(alert -> alert.rule().equals(rule.id().value()))
                    .toList();
            ObjectNode described =
                    rules.addObject().put("rule", rule.id().value()).put("about", about(rule));
            said.forEach(described.putArray("said")::add);
            now.forEach(alert -> described.withArray("alerts").add(alert.id()));
            if (!millrace.json()) {
                lines(rule, said, now).forEach(terminal::line);
            }
        }
        if (millrace.json()) {
            terminal.line(Json.pretty(json));
        } else if (rules.isEmpty()) {
            terminal.note("version " + recorded.version() + " of "
                    + recorded.pipeline().id() + " has no alerts");
        }
    }

    private List<String> lines(AlertRule rule, List<String> said, List<AlertView> alerts) {
        Terminal terminal = millrace.terminal();
        List<String> lines = new ArrayList<>();
        lines.add(terminal.styled(Style.BOLD, rule.id().value()) + "  " + about(rule));
        said.forEach(sentence -> lines.add("  " + Printable.text(sentence)));
        if (said.isEmpty()) {
            lines.add("  nothing that it is about has happened to the run");
        }
        for (AlertView alert : alerts) {
            lines.add("  " + Printable.text(alert.key()) + " is "
                    + terminal.styled(AlertText.status(alert), alert.status())
                    + ", " + alert.messages() + (alert.messages() == 1 ? " message" : " messages")
                    + (alert.undelivered() > 0
                            ? terminal.styled(Style.RED, ", " + alert.undelivered() + " undelivered")
                            : "")
                    + (alert.silentUntil() == null ? "" : ", silent until " + alert.silentUntil()));
        }
        return lines;
    }

    /** What a rule is about, nearly as its file says it. */
    private static String about(AlertRule rule) {
        AlertCause cause = rule.cause();
        String words;
        if (cause instanceof AlertCause.Happening happening) {
            words = "on " + happening.event().word()
                    + happening.task().map(task -> " of " + task).orElse("")
                    + happening.condition().map(condition -> " if " + condition).orElse("")
                    + (happening.count() > 1 ? ", " + happening.count() + " times" : "")
                    + happening
                            .measure()
                            .map(measure -> ", " + measure.kind().name().toLowerCase(Locale.ROOT))
                            .orElse("");
        } else if (cause instanceof AlertCause.Silence silence) {
            words = "expects " + silence.event().word()
                    + silence.task().map(task -> " of " + task).orElse("")
                    + silence.condition().map(condition -> " if " + condition).orElse("");
        } else {
            words = "a deadline";
        }
        return words + ", to "
                + String.join(
                        ", ", rule.to().stream().map(channel -> channel.value()).toList());
    }

    private static String sentence(AlertJudgement judgement) {
        String event = "event " + judgement.event().sequence() + ", "
                + judgement.event().type().name().toLowerCase(Locale.ROOT)
                + (judgement.event().task() == null
                        ? ""
                        : " " + judgement.event().task()) + ": ";
        if (judgement.said().isEmpty()) {
            return event
                    + (judgement.rule().cause() instanceof AlertCause.Happening
                            ? "it does not count"
                            : "it is not what is expected");
        }
        AlertSignal said = judgement.said().get();
        return event
                + switch (said.kind()) {
                    case HAPPENED ->
                        judgement.rule().cause() instanceof AlertCause.Silence
                                ? "what is expected has happened"
                                : "it counts" + (said.value() == null ? "" : ", with the value " + said.value());
                    case CALM -> "it is well";
                    case FAULT -> String.valueOf(said.message());
                    case RUN_BEGAN -> "the run is due at " + said.dueAt();
                    case RUN_ENDED -> "the run is due no more";
                };
    }
}

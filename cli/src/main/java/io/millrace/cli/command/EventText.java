package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RecordJson;
import io.millrace.cli.client.TopicEntry;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.RunSlot;
import io.millrace.event.TaskFailure;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** An event of the audit log as a line for people, or as a JSON object in the API's manner. */
final class EventText {
    private static final int TYPE_WIDTH = "report_rejected".length();

    private final Terminal terminal;
    private final ZoneId zone;

    EventText(Terminal terminal, ZoneId zone) {
        this.terminal = terminal;
        this.zone = zone;
    }

    String json(TopicEntry<RunEvent> entry) {
        ObjectNode json = entry.value()
                .map(RecordJson::of)
                .orElseGet(() -> Json.object()
                        .put("type", "undecodable")
                        .put("run_id", entry.key())
                        .put("reason", entry.reason()));
        json.putObject("position")
                .put("topic", entry.topic())
                .put("partition", entry.partition())
                .put("offset", entry.offset());
        return Json.line(json);
    }

    String line(TopicEntry<RunEvent> entry) {
        String line = entry.value().map(this::line).orElseGet(() -> undecodable(entry));
        return line.stripTrailing();
    }

    private String line(RunEvent event) {
        String type = event.getType().name().toLowerCase(Locale.ROOT);
        String task = event.getTask()
                .map(name -> terminal.styled(Style.BOLD, name)
                        + (event.getAttempt() > 0 ? " " + event.getAttempt() + "." + event.getEpoch() : "") + "  ")
                .orElse("");
        String details = details(event);
        if (terminal.interactive()) {
            details = terminal.cut(details, Math.max(20, terminal.columns() - 85));
        }
        return terminal.styled(Style.DIM, Times.moment(event.getAt(), zone)) + "  "
                + terminal.styled(Style.DIM, event.getRunId()) + "  " + event.getPipeline()
                + " %3d  ".formatted(event.getSequence())
                + terminal.styled(style(event.getType()), type + " ".repeat(Math.max(0, TYPE_WIDTH - type.length())))
                + "  " + task + details;
    }

    private static String slot(RunSlot slot) {
        String key = slot.getKey().isEmpty() ? "" : " of " + slot.getKey();
        return slot.getLimit() == 0 ? "for a slot" + key : "slot" + key + ", of " + slot.getLimit();
    }

    private String details(RunEvent event) {
        StringBuilder details = new StringBuilder();
        append(details, event.getFailure().map(TaskFailure::getMessage));
        append(details, event.getDueAt().map(due -> "again in " + Times.text(Duration.between(event.getAt(), due))));
        append(details, event.getReason());
        append(details, event.getSlot().map(EventText::slot));
        append(details, event.getInputs().map(inputs -> "inputs " + inputs));
        append(details, event.getOutput().map(output -> "output " + output));
        append(details, event.getWorker().map(worker -> "on " + worker));
        if (!event.getDispatched().isEmpty()) {
            append(
                    details,
                    Optional.of(terminal.symbol(Symbol.ARROW) + " " + String.join(", ", event.getDispatched())));
        }
        return details.toString();
    }

    private static void append(StringBuilder details, Optional<String> part) {
        part.filter(text -> !text.isEmpty())
                .ifPresent(text -> details.append(details.isEmpty() ? "" : "  ").append(text));
    }

    private String undecodable(TopicEntry<RunEvent> entry) {
        return terminal.styled(Style.DIM, Times.moment(entry.timestamp(), zone)) + "  "
                + terminal.styled(Style.RED, "undecodable") + "  " + entry.topic() + "-" + entry.partition() + "@"
                + entry.offset() + "  " + entry.reason();
    }

    private static Style style(RunEventType type) {
        return switch (type) {
            case RUN_SUCCEEDED, TASK_SUCCEEDED -> Style.GREEN;
            case RUN_FAILED, TASK_FAILED, REPORT_REJECTED -> Style.RED;
            case TASK_RETRIED, TASK_LOST, TASK_RELEASED, RUN_CANCELLED, TASK_CANCELLED -> Style.YELLOW;
            default -> Style.BLUE;
        };
    }
}

package io.millrace.cli.command;

import io.millrace.audit.replay.ReplayedRun;
import io.millrace.audit.verify.Recorded;
import io.millrace.cli.client.TopicEntry;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import io.millrace.engine.TaskState;
import io.millrace.engine.TaskStatus;
import io.millrace.event.RunEvent;
import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The state of a replayed run for people. */
final class ReplayText {
    private static final int LONGEST_OUTPUT = 60;

    private final Terminal terminal;
    private final EventText events;

    ReplayText(Terminal terminal) {
        this.terminal = terminal;
        this.events = new EventText(terminal, ZoneId.systemDefault());
    }

    /** An event, and the states that it changed. */
    List<String> step(Recorded<RunEvent> event, Map<TaskId, TaskState> changes) {
        List<String> lines = new ArrayList<>();
        lines.add(events.line(new TopicEntry<>(
                event.position().topic(),
                event.position().partition(),
                event.position().offset(),
                event.timestamp(),
                event.value().getRunId(),
                Optional.of(event.value()),
                "")));
        changes.forEach((task, state) -> lines.add("    " + terminal.symbol(Symbol.ARROW) + " " + task + " "
                + StatusMark.of(state.status().name()).symbol(terminal) + " " + ReplayJson.word(state.status())
                + deliveryOf(state)));
        return lines;
    }

    List<String> state(String id, ReplayedRun run) {
        List<String> lines = new ArrayList<>();
        lines.add(StatusMark.of(run.status().name()).symbol(terminal) + " "
                + terminal.styled(Style.BOLD, run.head().pipeline().value()) + " version "
                + run.head().version() + "  " + id + "  " + ReplayJson.word(run.status()) + " after event "
                + run.sequence());
        Table table = new Table("", "TASK", "STATUS", "ATTEMPT", "WORKER", "DUE", "OUTPUT");
        run.tasks()
                .forEach((task, state) -> table.row()
                        .cell(
                                terminal.symbol(
                                        StatusMark.of(state.status().name()).bare()),
                                StatusMark.of(state.status().name()).style())
                        .cell(task.value())
                        .cell(ReplayJson.word(state.status()))
                        .cell(deliveryOf(state).strip())
                        .cell(state.claimant() == null ? "" : state.claimant().worker())
                        .cell(state.wakeAt() == null ? "" : Times.moment(state.wakeAt(), ZoneId.systemDefault()))
                        .cell(outputOf(state)));
        lines.addAll(table.lines(terminal, "  "));
        return lines;
    }

    private static String deliveryOf(TaskState state) {
        if (state.status() == TaskStatus.WAITING && state.openNeeds() > 0) {
            return " for " + state.openNeeds() + " of its needs";
        }
        return state.delivery().attempt() == 0
                ? ""
                : " " + state.delivery().attempt() + "." + state.delivery().epoch();
    }

    private String outputOf(TaskState state) {
        Document output = state.output();
        return output == null ? "" : terminal.cut(output.json(), LONGEST_OUTPUT);
    }
}

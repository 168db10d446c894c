package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Query;
import io.millrace.cli.client.RunDocument;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show a run: its tasks, attempts, outputs, and why it failed; or one task of it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace show last",
            "  millrace show last train",
            "  millrace show last --status failed,retrying",
            "  millrace show 01hv3m9x2c7k5qyt8r4bnd6wza --items -o json"
        })
final class ShowCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private RunArgument run = new RunArgument();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TASK",
            description = "Only this task, with all of its deliveries; an item is like process[17].")
    private Optional<String> task = Optional.empty();

    @Option(
            names = {"-s", "--status"},
            paramLabel = "STATUS",
            split = ",",
            completionCandidates = StatusMark.Names.class,
            description = "Only tasks and items in this state: ${COMPLETION-CANDIDATES}; several with commas.")
    private List<String> statuses = List.of();

    @Option(names = "--items", description = "With all items of tasks that have for_each.")
    private boolean items;

    ShowCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        String id = run.id(api);
        if (task.isPresent()) {
            showTask(api, id, task.get());
        } else {
            showRun(read(api, id));
        }
        return ExitCode.DONE.number();
    }

    private ObjectNode read(ApiClient api, String id) {
        Progress progress = progress();
        if (!statuses.isEmpty()) {
            ObjectNode run = api.run(id).deepCopy();
            ArrayNode wanted = run.putArray("tasks");
            wanted.addAll(api.tasks(id, filter()).all(progress::at));
            return run.putNull("tasks_next");
        }
        RunDocument document = new RunDocument(api, progress::at);
        return items ? document.withTasksAndItems(id) : document.withTasks(id);
    }

    private void showRun(ObjectNode answer) {
        Terminal terminal = millrace.terminal();
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
            return;
        }
        boolean left = leaveItemsOut(answer);
        RunView view = Json.as(RunView.class, answer);
        new RunReport(terminal).lines(view, true).forEach(terminal::line);
        if (left) {
            terminal.line(terminal.styled(
                    Style.DIM, "  There are items, too: --items shows them, or TASK those of one task."));
        }
        if (view.inputs().isObject() && !view.inputs().isEmpty()) {
            terminal.line(terminal.styled(Style.BOLD, "Inputs"));
            terminal.line("  " + Json.line(view.inputs()));
        }
        terminal.line(terminal.styled(Style.BOLD, "Started"));
        terminal.line("  " + started(view));
    }

    /** Unless they are asked for: there may be thousands. Tells whether there were any. */
    private boolean leaveItemsOut(ObjectNode run) {
        if (items || !statuses.isEmpty()) {
            return false;
        }
        ArrayNode all = run.withArray("tasks");
        int before = all.size();
        ArrayNode tasks = run.putArray("tasks");
        all.forEach(each -> {
            if (!each.path("item_of").isTextual()) {
                tasks.add(each);
            }
        });
        return tasks.size() < before || run.path("tasks_next").isTextual();
    }

    private void showTask(ApiClient api, String id, String name) {
        Terminal terminal = millrace.terminal();
        ObjectNode answer = api.task(id, name).deepCopy();
        if (millrace.json() && !items) {
            terminal.line(Json.pretty(answer));
            return;
        }
        List<JsonNode> found = name.endsWith("]")
                ? List.of()
                : api.tasks(id, filter().with("item_of", name)).all(progress()::at);
        if (millrace.json()) {
            answer.putArray("items").addAll(found);
            terminal.line(Json.pretty(answer));
            return;
        }
        List<TaskView> views =
                found.stream().map(item -> Json.as(TaskView.class, item)).toList();
        new TaskReport(terminal)
                .lines(Json.as(TaskView.class, answer), views, items || !statuses.isEmpty(), Instant.now())
                .forEach(terminal::line);
    }

    private Query filter() {
        return Query.ALL.withAny("status", statuses);
    }

    private Progress progress() {
        return new Progress(millrace.terminal(), Clock.systemUTC(), "tasks so far");
    }

    private static String started(RunView run) {
        String at = run.startedAt() == null ? "not yet" : Times.day(run.startedAt(), ZoneId.systemDefault());
        RunView.TriggerView trigger = run.trigger();
        if (trigger == null) {
            return at;
        }
        String source = trigger.source() == null || trigger.source().isEmpty() || trigger.trigger() != null
                ? ""
                : ", from " + trigger.source();
        String key = trigger.idempotencyKey() == null ? "" : ", key " + trigger.idempotencyKey();
        String place = trigger.topic() == null
                ? ""
                : ", " + trigger.topic() + "-" + trigger.partition() + "@" + trigger.offset();
        String parent =
                trigger.parentRun() == null ? "" : " " + trigger.parentRun() + ", its task " + trigger.parentTask();
        String tick = trigger.trigger() == null ? "" : " " + trigger.trigger() + ", for " + trigger.logicalTime();
        return at + " by " + trigger.kind() + tick + parent + source + key + place;
    }
}

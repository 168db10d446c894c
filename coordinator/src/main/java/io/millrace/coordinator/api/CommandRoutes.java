package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.RunStarter;
import io.millrace.coordinator.query.Deferral;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.coordinator.query.TaskPhase;
import io.millrace.coordinator.query.TaskView;
import io.millrace.engine.CommandId;
import io.millrace.engine.RunStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asking something of a run that exists: to end, to begin again, to go on. What the history shows decides what is refused
 * here; what came meanwhile, the run engine refuses. A repeat with the same idempotency key is accepted as it was the
 * first time, and the engine carries it out only once.
 */
final class CommandRoutes {
    private static final String CANCELLED = "cancelled through the API";

    private final History history;
    private final RunStarter starter;
    private final FoundRuns runs;
    private final ApiServer.Lanes lanes;

    CommandRoutes(History history, RunStarter starter, FoundRuns runs, ApiServer.Lanes lanes) {
        this.history = history;
        this.starter = starter;
        this.runs = runs;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.post(Paths.RUN_CANCEL, Dispatcher.to(lanes.writing(), this::cancel));
        routes.post(Paths.RUN_RERUN, Dispatcher.to(lanes.writing(), this::rerun));
        routes.post(Paths.TASK_ANSWER, Dispatcher.to(lanes.writing(), this::answer));
    }

    private CompletionStage<Answer> cancel(Call call) {
        call.allowQuery();
        ObjectNode body = call.json("reason", "by");
        String reason = CommandBody.reason(body, "reason").orElse(CANCELLED);
        Optional<String> by = CommandBody.by(body);
        String id = call.pathParameter("id");
        CommandId command = CommandId.ofCancel(id, key(call));
        return runs.find(id, () -> history.summary(id)).thenCompose(run -> {
            if (run.status() == RunStatus.CANCELLED) {
                return CompletableFuture.completedFuture(accepted(id).with(Tokens.HEADER, Tokens.ofCancel(id)));
            }
            if (run.status().hasEnded()) {
                return repeated(id, command)
                        .orElseThrow(() -> new ProblemException(
                                ProblemKind.RUN_HAS_ENDED,
                                "the run " + id + " has " + JsonText.lower(run.status())
                                        + " and cannot be cancelled any more"));
            }
            return starter.cancel(id, command, reason, by)
                    .thenApply(written -> accepted(id).with(Tokens.HEADER, Tokens.ofCancel(id)));
        });
    }

    private CompletionStage<Answer> rerun(Call call) {
        call.allowQuery();
        ObjectNode body = call.json("tasks", "reason", "by");
        List<String> tasks = CommandBody.tasks(body);
        Optional<String> reason = CommandBody.reason(body, "reason");
        Optional<String> by = CommandBody.by(body);
        String id = call.pathParameter("id");
        CommandId command = CommandId.ofRerun(id, key(call));
        return runs.find(id, () -> history.summary(id)).thenCompose(run -> {
            Optional<ProblemException> objection = objectionToRerun(run, tasks);
            if (objection.isPresent()) {
                return repeated(id, command).orElseThrow(objection::get);
            }
            return starter.rerun(id, command, tasks, reason, by).thenApply(written -> accepted(id, written.offset()));
        });
    }

    private Optional<ProblemException> objectionToRerun(RunSummary run, List<String> tasks) {
        if (!run.status().hasEnded()) {
            return Optional.of(new ProblemException(
                    ProblemKind.RUN_HAS_NOT_ENDED,
                    "the run " + run.id() + " is " + JsonText.lower(run.status())
                            + "; only a run that has ended can be opened again"));
        }
        if (tasks.isEmpty() && run.status() == RunStatus.SUCCEEDED) {
            return Optional.of(new ProblemException(
                    ProblemKind.NOTHING_TO_RERUN,
                    "the run " + run.id() + " has succeeded; name the \"tasks\" that are to be executed again"));
        }
        List<String> unknown = tasks.stream()
                .filter(task -> history.task(run.id(), task).isEmpty())
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(new ProblemException(
                        ProblemKind.INVALID_RERUN,
                        "the run " + run.id() + " has no task \"" + String.join("\", \"", unknown) + "\""));
    }

    private CompletionStage<Answer> answer(Call call) {
        call.allowQuery();
        ObjectNode body = call.json("approved", "comment", "by");
        boolean approved = CommandBody.flag(body, "approved");
        Optional<String> comment = CommandBody.reason(body, "comment");
        Optional<String> by = CommandBody.by(body);
        String id = call.pathParameter("id");
        String task = call.pathParameter("task");
        CommandId command = CommandId.ofAnswer(id, task, key(call));
        return runs.find(id, () -> history.summary(id)).thenCompose(run -> {
            TaskView view = history.task(id, task).orElseThrow(() -> TaskRoutes.unknown(id, task));
            if (!awaitsAnswer(view)) {
                return repeated(id, command)
                        .orElseThrow(() -> new ProblemException(
                                ProblemKind.NO_ANSWER_AWAITED,
                                "the task " + task + " of the run " + id + " is " + JsonText.lower(view.status())
                                        + " and does not wait for an answer"));
            }
            return starter.answer(id, command, task, approved, comment, by)
                    .thenApply(written -> accepted(id, written.offset()));
        });
    }

    private static boolean awaitsAnswer(TaskView task) {
        Optional<Deferral> deferral = task.deferral();
        return task.status() == TaskPhase.DEFERRED
                && deferral.isPresent()
                && deferral.get().childRun().isEmpty()
                && deferral.get().items().isEmpty()
                && task.kind().filter("wait"::equals).isEmpty();
    }

    /** Without a key of the sender's a request is a command of its own. */
    private static String key(Call call) {
        return StartRequest.idempotencyKey(call)
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    /** The answer that a command got before; empty when it has not been decided about, as far as is shown here. */
    private Optional<CompletionStage<Answer>> repeated(String id, CommandId command) {
        return history.decidedCommand(id, command.value())
                .map(offset -> CompletableFuture.completedFuture(accepted(id, offset)));
    }

    private static Answer accepted(String id, long offset) {
        return accepted(id).with(Tokens.HEADER, Tokens.ofCommand(id, offset));
    }

    private static Answer accepted(String id) {
        return Answer.json(
                202, JsonText.object().put("id", id).put("location", Paths.run(id)), Map.of("Location", Paths.run(id)));
    }
}

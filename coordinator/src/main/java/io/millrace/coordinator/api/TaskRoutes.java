package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.TaskFilter;
import io.millrace.coordinator.query.TaskPhase;
import io.millrace.coordinator.query.TaskView;
import java.util.concurrent.CompletionStage;

/** Looking at the tasks and items of a run. */
final class TaskRoutes {
    private static final int DEFAULT_TASKS = 100;

    private final History history;
    private final FoundRuns runs;
    private final Tokens tokens;
    private final ApiServer.Lanes lanes;

    TaskRoutes(History history, FoundRuns runs, Tokens tokens, ApiServer.Lanes lanes) {
        this.history = history;
        this.runs = runs;
        this.tokens = tokens;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.TASKS, Dispatcher.to(lanes.reading(), tokens.before(this::list)));
        routes.get(Paths.TASK, Dispatcher.to(lanes.reading(), tokens.before(this::show)));
        routes.get(Paths.TASK_ATTEMPTS, Dispatcher.to(lanes.reading(), tokens.before(this::attempts)));
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery("status", "item_of", "limit", "cursor");
        TaskFilter filter =
                new TaskFilter(Parameters.several(call, "status", TaskPhase.class), Parameters.text(call, "item_of"));
        int limit = Parameters.limit(call, DEFAULT_TASKS);
        String id = call.pathParameter("id");
        return runs.find(id, () -> history.tasks(id, filter, limit, call.parameter("cursor")))
                .thenApply(page -> {
                    ObjectNode body = JsonText.object();
                    ArrayNode tasks = body.putArray("tasks");
                    page.tasks().forEach(task -> tasks.add(TaskJson.listed(task)));
                    return Answer.json(200, body.put("next", page.next().orElse(null)));
                });
    }

    private CompletionStage<Answer> show(Call call) {
        call.allowQuery();
        return task(call).thenApply(task -> Answer.json(200, TaskJson.full(task)));
    }

    private CompletionStage<Answer> attempts(Call call) {
        call.allowQuery();
        return task(call).thenApply(task -> {
            ObjectNode body = JsonText.object();
            TaskJson.putAttempts(body, task);
            return Answer.json(200, body);
        });
    }

    private CompletionStage<TaskView> task(Call call) {
        String id = call.pathParameter("id");
        String task = call.pathParameter("task");
        return runs.find(id, () -> history.summary(id))
                .thenApply(run -> history.task(id, task).orElseThrow(() -> unknown(id, task)));
    }

    static ProblemException unknown(String run, String task) {
        return new ProblemException(ProblemKind.UNKNOWN_TASK, "the run " + run + " has no task \"" + task + "\"");
    }
}

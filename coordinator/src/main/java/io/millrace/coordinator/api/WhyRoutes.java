package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.fleet.WorkerDirectory;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.coordinator.query.RunView;
import io.millrace.coordinator.query.TaskFilter;
import io.millrace.coordinator.query.TaskPhase;
import io.millrace.coordinator.query.TaskView;
import io.millrace.coordinator.why.Explanations;
import io.millrace.coordinator.why.Explanations.Circumstances;
import io.millrace.coordinator.why.Reason;
import io.millrace.coordinator.why.Why;
import io.millrace.engine.RunStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a run or a task waits for, in a sentence and in parts. */
final class WhyRoutes {
    private static final int MOST_TASKS = 100;
    private static final Set<TaskPhase> OPEN = Arrays.stream(TaskPhase.values())
            .filter(Explanations::isOpen)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(TaskPhase.class)));

    private final History history;
    private final WorkerDirectory workers;
    private final SlotsInUse slots;
    private final FoundRuns runs;
    private final Tokens tokens;
    private final ApiServer.Lanes lanes;

    WhyRoutes(
            History history,
            WorkerDirectory workers,
            SlotsInUse slots,
            FoundRuns runs,
            Tokens tokens,
            ApiServer.Lanes lanes) {
        this.history = history;
        this.workers = workers;
        this.slots = slots;
        this.runs = runs;
        this.tokens = tokens;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.RUN_WHY, Dispatcher.to(lanes.reading(), tokens.before(this::ofRun)));
        routes.get(Paths.TASK_WHY, Dispatcher.to(lanes.reading(), tokens.before(this::ofTask)));
    }

    private CompletionStage<Answer> ofRun(Call call) {
        call.allowQuery();
        String id = call.pathParameter("id");
        return runs.find(id, () -> history.run(id)).thenApply(run -> {
            RunSummary summary = run.summary();
            if (summary.status() == RunStatus.QUEUED) {
                return answer(
                        id,
                        JsonText.lower(summary.status()),
                        Explanations.ofQueued(summary, slots.whileWaits(summary), Instant.now()));
            }
            List<TaskView> open = tasks(run, OPEN);
            // Nothing has begun: then it is among those that wait.
            List<TaskView> telling = open.isEmpty() ? tasks(run, EnumSet.of(TaskPhase.WAITING)) : open;
            return answer(
                    id, JsonText.lower(summary.status()), Explanations.of(run, telling, finder(id), circumstances()));
        });
    }

    private List<TaskView> tasks(RunView run, Set<TaskPhase> statuses) {
        return history.tasks(
                        run.summary().id(), new TaskFilter(statuses, Optional.empty()), MOST_TASKS, Optional.empty())
                .map(page -> page.tasks())
                .orElse(List.of());
    }

    private CompletionStage<Answer> ofTask(Call call) {
        call.allowQuery();
        String id = call.pathParameter("id");
        String task = call.pathParameter("task");
        return runs.find(id, () -> history.summary(id)).thenApply(run -> {
            TaskView view = history.task(id, task).orElseThrow(() -> TaskRoutes.unknown(id, task));
            return answer(id, JsonText.lower(view.status()), Explanations.of(view, finder(id), circumstances()));
        });
    }

    private Function<String, Optional<TaskView>> finder(String run) {
        return task -> history.task(run, task);
    }

    private Circumstances circumstances() {
        return new Circumstances(workers.workers(), workers.lease(), Instant.now());
    }

    private static Answer answer(String run, String status, Why why) {
        ObjectNode body =
                JsonText.object().put("run", run).put("status", status).put("sentence", why.sentence());
        ArrayNode reasons = body.putArray("reasons");
        why.reasons().forEach(reason -> reasons.add(reason(reason)));
        return Answer.json(200, body);
    }

    private static ObjectNode reason(Reason reason) {
        ObjectNode body = JsonText.object()
                .put("kind", JsonText.lower(reason.kind()))
                .put("sentence", reason.sentence())
                .put("task", reason.task().orElse(null));
        ArrayNode tasks = body.putArray("tasks");
        reason.tasks().forEach(tasks::add);
        body.put("queue", reason.queue().orElse(null))
                .put("worker", reason.worker().orElse(null))
                .put("run", reason.run().orElse(null));
        JsonText.put(body, "since", reason.since());
        JsonText.put(body, "until", reason.until());
        return body;
    }
}

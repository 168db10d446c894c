package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.fleet.QueueBoard;
import io.millrace.coordinator.fleet.QueueView;
import io.millrace.coordinator.fleet.WorkerDirectory;
import io.millrace.coordinator.fleet.WorkerView;
import io.millrace.event.WorkerHeartbeat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Those who execute tasks, and where tasks wait for them. */
final class FleetRoutes {
    private final WorkerDirectory workers;
    private final QueueBoard queues;
    private final ApiServer.Lanes lanes;

    FleetRoutes(WorkerDirectory workers, QueueBoard queues, ApiServer.Lanes lanes) {
        this.workers = workers;
        this.queues = queues;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.WORKERS, Dispatcher.to(lanes.reading(), this::workers));
        routes.get(Paths.QUEUES, Dispatcher.to(lanes.writing(), this::queues));
    }

    private CompletionStage<Answer> workers(Call call) {
        call.allowQuery("queue", "health");
        Optional<String> queue = Parameters.text(call, "queue");
        Optional<WorkerView.Health> health = Parameters.one(call, "health", WorkerView.Health.class, each -> true);
        ObjectNode body = JsonText.object();
        ArrayNode list = body.putArray("workers");
        workers.workers().stream()
                .filter(worker -> health.isEmpty() || health.get() == worker.health())
                .filter(worker ->
                        queue.map(worker.heartbeat().getQueues()::contains).orElse(true))
                .forEach(worker -> list.add(worker(worker)));
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private static ObjectNode worker(WorkerView worker) {
        WorkerHeartbeat beat = worker.heartbeat();
        ObjectNode body = JsonText.object()
                .put("id", beat.getWorker())
                .put("health", JsonText.lower(worker.health()))
                .put("state", JsonText.lower(beat.getState()))
                .put("incarnation", beat.getIncarnation())
                .put("host", beat.getHost())
                .put("pid", beat.getPid())
                .put("version", beat.getVersion());
        ArrayNode served = body.putArray("queues");
        beat.getQueues().forEach(served::add);
        ObjectNode labels = body.putObject("labels");
        new TreeMap<>(beat.getLabels()).forEach(labels::put);
        return body.put("slots", beat.getSlots())
                .put("busy", beat.getBusy())
                .put("last_heartbeat_at", JsonText.moment(beat.getAt()))
                .put("silent_ms", worker.silence().toMillis());
    }

    private CompletionStage<Answer> queues(Call call) {
        call.allowQuery();
        ObjectNode body = JsonText.object();
        ArrayNode list = body.putArray("queues");
        queues.queues().forEach(queue -> list.add(queue(queue)));
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private static ObjectNode queue(QueueView queue) {
        ObjectNode body = JsonText.object()
                .put("name", queue.name())
                .put("waiting", queue.waiting())
                .put("exact", queue.exact());
        JsonText.put(body, "oldest_at", queue.oldest());
        return body.put("lag", queue.lag())
                .put("workers", queue.workers())
                .put("slots", queue.slots())
                .put("busy", queue.busy());
    }
}

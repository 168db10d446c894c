package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.logs.LogPage;
import io.millrace.coordinator.logs.LogPlace;
import io.millrace.coordinator.logs.TaskLogs;
import io.millrace.coordinator.query.AttemptView;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.TaskView;
import io.millrace.event.LogLine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What a task wrote: in pages, or live while it writes. */
final class LogRoutes {
    private static final int DEFAULT_LINES = 1_000;
    private static final int MOST_LINES = 5_000;

    private final TaskLogs logs;
    private final History history;
    private final FoundRuns runs;
    private final LiveStreams streams;
    private final ApiServer.Lanes lanes;

    LogRoutes(TaskLogs logs, History history, FoundRuns runs, LiveStreams streams, ApiServer.Lanes lanes) {
        this.logs = logs;
        this.history = history;
        this.runs = runs;
        this.streams = streams;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.TASK_LOGS, streams.orElse(Dispatcher.to(lanes.writing(), this::page), this::follow));
    }

    /** Which delivery is meant. */
    private record Wanted(String run, String task, Optional<Integer> attempt, Optional<Integer> epoch) {
        static Wanted of(Call call) {
            return new Wanted(
                    call.pathParameter("id"),
                    call.pathParameter("task"),
                    Parameters.number(call, "attempt", 1, Integer.MAX_VALUE),
                    Parameters.number(call, "epoch", 1, Integer.MAX_VALUE));
        }

        boolean fits(AttemptView delivery) {
            return attempt.map(number -> number == delivery.attempt()).orElse(true)
                    && epoch.map(number -> number == delivery.epoch()).orElse(true);
        }
    }

    private CompletionStage<Answer> page(Call call) {
        call.allowQuery("attempt", "epoch", "from", "limit");
        Wanted wanted = Wanted.of(call);
        Optional<LogPlace> from = call.parameter("from")
                .map(text -> LogPlace.parse(text)
                        .orElseThrow(() -> Parameters.refused("from", text, "the \"next\" of an answer before")));
        int limit = Parameters.number(call, "limit", 1, MOST_LINES).orElse(DEFAULT_LINES);
        return runs.find(wanted.run(), () -> history.summary(wanted.run())).thenApply(run -> {
            AttemptView delivery = delivery(wanted);
            LogPage page = logs.read(wanted.run(), wanted.task(), delivery, from, limit);
            ObjectNode body = JsonText.object()
                    .put("run", wanted.run())
                    .put("task", wanted.task())
                    .put("attempt", delivery.attempt())
                    .put("epoch", delivery.epoch());
            ArrayNode lines = body.putArray("lines");
            page.lines().forEach(line -> lines.add(line(line.line())));
            return Answer.json(200, body.put("next", page.next().toString()).put("complete", page.complete()));
        });
    }

    /** The last delivery that fits. */
    private AttemptView delivery(Wanted wanted) {
        TaskView task = history.task(wanted.run(), wanted.task())
                .orElseThrow(() -> TaskRoutes.unknown(wanted.run(), wanted.task()));
        List<AttemptView> fitting =
                task.attempts().stream().filter(wanted::fits).toList();
        if (fitting.isEmpty()) {
            throw new ProblemException(
                    ProblemKind.UNKNOWN_ATTEMPT,
                    "the task " + wanted.task() + " has "
                            + (task.attempts().isEmpty() ? "not been dispatched yet" : "had no such delivery")
                            + "; its current attempt is " + task.attempt() + ", epoch " + task.epoch());
        }
        return fitting.get(fitting.size() - 1);
    }

    private CompletionStage<Optional<LiveSource>> follow(Call call) {
        call.allowQuery("attempt", "epoch");
        Wanted wanted = Wanted.of(call);
        Optional<LogPlace> from = call.header("last-event-id")
                .map(
                        text -> LogPlace.parse(text)
                                .orElseThrow(
                                        () -> new ProblemException(
                                                ProblemKind.INVALID_PARAMETER,
                                                "the header Last-Event-ID is not allowed; allowed is the id of a line of this stream")));
        return runs.find(wanted.run(), () -> history.summary(wanted.run())).thenApply(run -> {
            AttemptView delivery = delivery(wanted);
            // From now on it is this delivery, whatever follows it.
            return Optional.of(new LogSource(
                    new Wanted(
                            wanted.run(),
                            wanted.task(),
                            Optional.of(delivery.attempt()),
                            Optional.of(delivery.epoch())),
                    from));
        });
    }

    private final class LogSource implements LiveSource {
        private final Wanted wanted;
        private Optional<LogPlace> place;

        LogSource(Wanted wanted, Optional<LogPlace> place) {
            this.wanted = wanted;
            this.place = place;
        }

        @Override
        public Part next() {
            AttemptView delivery = delivery(wanted);
            LogPage page = logs.read(wanted.run(), wanted.task(), delivery, place, DEFAULT_LINES);
            if (delivery.startedAt().isPresent() || delivery.logs().isPresent()) {
                place = Optional.of(page.next());
            }
            return new Part(
                    page.lines().stream()
                            .map(line -> new Message(
                                    line.next().toString(),
                                    Optional.empty(),
                                    line(line.line()).toString()))
                            .toList(),
                    page.lines().size() == DEFAULT_LINES,
                    page.complete());
        }
    }

    private static ObjectNode line(LogLine line) {
        return JsonText.object()
                .put("at", JsonText.moment(line.getAt()))
                .put("stream", JsonText.lower(line.getStream()))
                .put("text", line.getText());
    }
}

package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.query.EventPage;
import io.millrace.coordinator.query.EventStretch;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RecordedEvent;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The audit log: that of one run in pages or live, and that of all runs live. */
final class EventRoutes {
    private static final int DEFAULT_EVENTS = 200;
    private static final int AT_A_TIME = 200;
    private static final Pattern POSITIONS = Pattern.compile("[0-9]{1,6}:[0-9]{1,18}(,[0-9]{1,6}:[0-9]{1,18}){0,1999}");

    private final History history;
    private final FoundRuns runs;
    private final Tokens tokens;
    private final LiveStreams streams;
    private final ApiServer.Lanes lanes;

    EventRoutes(History history, FoundRuns runs, Tokens tokens, LiveStreams streams, ApiServer.Lanes lanes) {
        this.history = history;
        this.runs = runs;
        this.tokens = tokens;
        this.streams = streams;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.EVENTS, streams.to(this::all));
        routes.get(
                Paths.RUN_EVENTS,
                streams.orElse(Dispatcher.to(lanes.reading(), tokens.before(this::page)), this::ofRun));
    }

    private CompletionStage<Answer> page(Call call) {
        call.allowQuery("limit", "cursor");
        int limit = Parameters.limit(call, DEFAULT_EVENTS);
        String id = call.pathParameter("id");
        return runs.find(
                        id,
                        () -> Optional.of(history.events(id, limit, call.parameter("cursor")))
                                .filter(page -> !page.events().isEmpty()))
                .thenApply(page -> Answer.json(200, body(page)));
    }

    private ObjectNode body(EventPage page) {
        ObjectNode body = JsonText.object();
        ArrayNode list = body.putArray("events");
        page.events().forEach(event -> list.add(EventJson.of(event, history.topic())));
        return body.put("next", page.next().orElse(null));
    }

    /** A run's own stream is over when the run is; one that is opened again is streamed to whoever asks then. */
    private CompletionStage<Optional<LiveSource>> ofRun(Call call) {
        call.allowQuery();
        long after = call.header("last-event-id").map(EventRoutes::sequence).orElse(0L);
        String id = call.pathParameter("id");
        return runs.find(id, () -> history.summary(id)).thenApply(run -> {
            boolean over =
                    run.status().hasEnded() && history.eventsAfter(id, after, 1).isEmpty();
            return over ? Optional.empty() : Optional.of(new RunSource(id, after));
        });
    }

    private final class RunSource implements LiveSource {
        private final String run;
        private long sequence;

        RunSource(String run, long sequence) {
            this.run = run;
            this.sequence = sequence;
        }

        @Override
        public Part next() {
            // Asked first: what ended the run is then among the events.
            boolean ended =
                    history.summary(run).map(head -> head.status().hasEnded()).orElse(true);
            List<RecordedEvent> events = history.eventsAfter(run, sequence, AT_A_TIME);
            if (!events.isEmpty()) {
                sequence = events.get(events.size() - 1).event().getSequence();
            }
            boolean more = !events.isEmpty();
            return new Part(
                    events.stream()
                            .map(event -> message(Long.toString(event.event().getSequence()), event))
                            .toList(),
                    more,
                    ended && !more);
        }
    }

    private CompletionStage<Optional<LiveSource>> all(Call call) {
        call.allowQuery("run", "pipeline", "type", "from");
        Set<RunEventType> types = Parameters.several(call, "type", RunEventType.class);
        Optional<String> run = Parameters.text(call, "run");
        Optional<String> pipeline = Parameters.pipeline(call);
        boolean fromStart = Parameters.one(call, "from", From.class, each -> true)
                .map(From.START::equals)
                .orElse(false);
        Map<Integer, Long> positions = call.header("last-event-id")
                .map(EventRoutes::positions)
                .orElseGet(() -> fromStart ? Map.of() : history.positions());
        return CompletableFuture.completedFuture(Optional.of(new AllSource(positions, types, run, pipeline)));
    }

    private enum From {
        NOW,
        START
    }

    private final class AllSource implements LiveSource {
        private final Set<RunEventType> types;
        private final Optional<String> run;
        private final Optional<String> pipeline;
        private Map<Integer, Long> positions;

        AllSource(
                Map<Integer, Long> positions,
                Set<RunEventType> types,
                Optional<String> run,
                Optional<String> pipeline) {
            this.positions = positions;
            this.types = types;
            this.run = run;
            this.pipeline = pipeline;
        }

        @Override
        public Part next() {
            EventStretch stretch = history.eventsFrom(positions, AT_A_TIME);
            Map<Integer, Long> place = new TreeMap<>(history.positions());
            place.replaceAll((partition, read) -> positions.getOrDefault(partition, 0L));
            List<Message> messages = new ArrayList<>();
            for (RecordedEvent event : stretch.events()) {
                place.put(event.partition(), event.offset() + 1);
                if (fits(event.event())) {
                    messages.add(message(text(place), event));
                }
            }
            positions = stretch.next();
            return new Part(messages, !stretch.atEnd(), false);
        }

        private boolean fits(RunEvent event) {
            return (types.isEmpty() || types.contains(event.getType()))
                    && run.map(event.getRunId()::equals).orElse(true)
                    && pipeline.map(event.getPipeline()::equals).orElse(true);
        }
    }

    private LiveSource.Message message(String id, RecordedEvent event) {
        return new LiveSource.Message(
                id,
                Optional.of(JsonText.lower(event.event().getType())),
                EventJson.of(event, history.topic()).toString());
    }

    private static long sequence(String id) {
        if (!id.matches("[0-9]{1,18}")) {
            throw lastEventId("the number of an event of this run");
        }
        return Long.parseLong(id);
    }

    private static Map<Integer, Long> positions(String id) {
        if (!POSITIONS.matcher(id).matches()) {
            throw lastEventId("the id of an event of this stream, such as 0:17,1:4");
        }
        Map<Integer, Long> positions = new TreeMap<>();
        for (String part : id.split(",", -1)) {
            int colon = part.indexOf(':');
            positions.put(Integer.parseInt(part.substring(0, colon)), Long.parseLong(part.substring(colon + 1)));
        }
        return positions;
    }

    private static String text(Map<Integer, Long> positions) {
        return positions.entrySet().stream()
                .map(position -> position.getKey() + ":" + position.getValue())
                .collect(Collectors.joining(","));
    }

    private static ProblemException lastEventId(String allowed) {
        return new ProblemException(
                ProblemKind.INVALID_PARAMETER, "the header Last-Event-ID is not allowed; allowed is " + allowed);
    }
}

package io.millrace.coordinator.topology;

import io.millrace.alert.Alert;
import io.millrace.alert.AlertKey;
import io.millrace.alert.AlertPhase;
import io.millrace.alert.Occurrence;
import io.millrace.alert.Terms;
import io.millrace.alert.Told;
import io.millrace.engine.RunId;
import io.millrace.event.AlertChange;
import io.millrace.event.AlertDelivery;
import io.millrace.event.AlertMeasureKind;
import io.millrace.event.AlertSeverity;
import io.millrace.expression.Document;
import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.AlertMeasure;
import io.millrace.pipeline.AlertRule;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Alerts, stored as a record each, which is also what is shown of them; and beside that decoded.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class AlertRecords {
    /** How many deliveries back an alert knows what became of them. */
    private static final int MOST_DELIVERIES = 50;

    /** How many alerts a rule may have, one for each group: each takes memory, and somebody's time. */
    static final int MOST_GROUPS = 1_000;

    private final KeyValueStore<String, byte[]> store;
    private final StateCodec codec;
    private final Map<AlertKey, Known> live = new HashMap<>();
    private final Map<PipelineId, Map<AlertId, Set<AlertKey>>> ofRules = new HashMap<>();

    /** An alert, and what became of its last messages. */
    record Known(Alert alert, List<AlertDelivery> deliveries) {
        Known {
            deliveries = List.copyOf(deliveries);
        }

        /** As it is now. */
        Known as(Alert changed) {
            return new Known(changed, deliveries);
        }

        /** With more messages; what is oldest is left out when there are too many. */
        Known sent(List<AlertDelivery> more) {
            List<AlertDelivery> all = new ArrayList<>(deliveries);
            all.addAll(more);
            return new Known(alert, all.subList(Math.max(0, all.size() - MOST_DELIVERIES), all.size()));
        }
    }

    /** The records of a store that has been restored. */
    AlertRecords(KeyValueStore<String, byte[]> store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                io.millrace.event.Alert stored = codec.decodeAlert(record.value);
                Alert alert = fromAvro(stored);
                know(new Known(alert, stored.getDeliveries()));
            }
        }
    }

    private void know(Known known) {
        AlertKey key = known.alert().key();
        live.put(key, known);
        ofRules.computeIfAbsent(key.pipeline(), any -> new HashMap<>())
                .computeIfAbsent(key.rule(), any -> new HashSet<>())
                .add(key);
    }

    /** The alerts of the rule that this is one of. */
    private Set<AlertKey> ofRule(AlertKey key) {
        return ofRules.getOrDefault(key.pipeline(), Map.of()).getOrDefault(key.rule(), Set.of());
    }

    /** The alerts of a pipeline. */
    List<Known> of(PipelineId pipeline) {
        return ofRules.getOrDefault(pipeline, Map.of()).values().stream()
                .flatMap(Set::stream)
                .map(key -> Objects.requireNonNull(live.get(key)))
                .toList();
    }

    /** Whether the rule has as many alerts as it may, and this is none of them. */
    boolean isOneTooMany(AlertKey key) {
        return !live.containsKey(key) && ofRule(key).size() >= MOST_GROUPS;
    }

    /** Of a rule's alerts the one that has been well for longest, and of which nobody has to be told any more. */
    Optional<AlertKey> oldestWell(AlertKey any, Instant now) {
        return ofRule(any).stream()
                .map(key -> Objects.requireNonNull(live.get(key)).alert())
                .filter(alert -> alert.isForgotten(Duration.ZERO, now))
                .min(Comparator.comparing(Alert::changedAt))
                .map(Alert::key);
    }

    Optional<Known> get(AlertKey key) {
        return Optional.ofNullable(live.get(key));
    }

    Iterable<Known> all() {
        return List.copyOf(live.values());
    }

    /** Keeps it. @return what is shown of it */
    io.millrace.event.Alert put(Known known, AlertChange change) {
        io.millrace.event.Alert stored = toAvro(known, change);
        know(known);
        store.put(known.alert().key().toString(), codec.encode(stored));
        return stored;
    }

    void remove(AlertKey key) {
        live.remove(key);
        Map<AlertId, Set<AlertKey>> rules = ofRules.getOrDefault(key.pipeline(), new HashMap<>());
        Set<AlertKey> others = rules.getOrDefault(key.rule(), new HashSet<>());
        others.remove(key);
        if (others.isEmpty()) {
            rules.remove(key.rule());
        }
        if (rules.isEmpty()) {
            ofRules.remove(key.pipeline());
        }
        store.delete(key.toString());
    }

    private static io.millrace.event.Alert toAvro(Known known, AlertChange change) {
        Alert alert = known.alert();
        Terms terms = alert.terms();
        Occurrence last = alert.last();
        io.millrace.event.Alert.Builder avro = io.millrace.event.Alert.newBuilder()
                .setChange(change)
                .setAlertId(alert.key().id())
                .setPipeline(alert.key().pipeline().value())
                .setRule(alert.key().rule().value())
                .setGroup(alert.key().group())
                .setSeverity(AlertSeverity.valueOf(terms.severity().name()))
                .setChannels(terms.to().stream().map(PipelineId::value).toList())
                .setNeeded(terms.count())
                .setWithinMillis(terms.within().toMillis())
                .setMeasure(terms.measure()
                        .map(measure -> AlertMeasureKind.valueOf(measure.kind().name()))
                        .orElse(AlertMeasureKind.NONE))
                .setBound(terms.measure().map(AlertMeasure::bound).orElse(0d))
                .setLast(terms.measure().map(AlertMeasure::last).orElse(0))
                .setWindow(alert.window())
                .setPassing(terms.passing())
                .setIntervalMillis(terms.interval().toMillis())
                .setRepeatMillis(terms.repeat().map(Duration::toMillis).orElse(null))
                .setPhase(io.millrace.event.AlertPhase.valueOf(alert.phase().name()))
                .setNumber(alert.number())
                .setRaisedAt(alert.raisedAt())
                .setCount(alert.count())
                .setOutstanding(alert.outstanding())
                .setRecent(alert.recent().stream().map(Instant::toEpochMilli).toList())
                .setChangedAt(alert.changedAt())
                .setBy(alert.by())
                .setReason(alert.reason())
                .setSilentUntil(alert.silentUntil())
                .setMessages(alert.told().messages())
                .setToldAt(alert.told().at())
                .setToldRaised(alert.told().raised())
                .setToldCount(alert.told().count())
                .setToldNumber(alert.told().number())
                .setDeliveries(known.deliveries());
        if (last != null) {
            avro.setLastAt(last.at())
                    .setRunId(last.run() == null ? null : last.run().value())
                    .setTask(last.task() == null ? null : last.task().value())
                    .setText(last.text())
                    .setFacts(last.facts().json());
        }
        return avro.build();
    }

    private static Alert fromAvro(io.millrace.event.Alert avro) {
        AlertKey key = new AlertKey(new PipelineId(avro.getPipeline()), new AlertId(avro.getRule()), avro.getGroup());
        Terms terms = new Terms(
                AlertRule.Severity.valueOf(avro.getSeverity().name()),
                avro.getChannels().stream().map(PipelineId::new).toList(),
                avro.getNeeded(),
                Duration.ofMillis(avro.getWithinMillis()),
                measure(avro),
                avro.getPassing(),
                Duration.ofMillis(avro.getIntervalMillis()),
                avro.getRepeatMillis().map(Duration::ofMillis));
        return new Alert(
                key,
                terms,
                AlertPhase.valueOf(avro.getPhase().name()),
                avro.getNumber(),
                avro.getRaisedAt().orElse(null),
                avro.getCount(),
                avro.getOutstanding(),
                avro.getRecent().stream().map(Instant::ofEpochMilli).toList(),
                avro.getWindow(),
                last(avro),
                avro.getChangedAt(),
                avro.getBy().orElse(null),
                avro.getReason().orElse(null),
                avro.getSilentUntil().orElse(null),
                new Told(
                        avro.getMessages(),
                        avro.getToldAt().orElse(null),
                        avro.getToldRaised(),
                        avro.getToldCount(),
                        avro.getToldNumber()));
    }

    private static Optional<AlertMeasure> measure(io.millrace.event.Alert avro) {
        return switch (avro.getMeasure()) {
            case RATE, SLOWER, DRIFT ->
                Optional.of(new AlertMeasure(
                        AlertMeasure.Kind.valueOf(avro.getMeasure().name()), avro.getBound(), avro.getLast()));
            case NONE, UNKNOWN -> Optional.empty();
        };
    }

    private static @Nullable Occurrence last(io.millrace.event.Alert avro) {
        Optional<Instant> at = avro.getLastAt();
        return at.isEmpty()
                ? null
                : new Occurrence(
                        at.get(),
                        avro.getRunId().map(RunId::new).orElse(null),
                        avro.getTask().map(TaskId::new).orElse(null),
                        avro.getText(),
                        Document.stored(avro.getFacts()));
    }
}

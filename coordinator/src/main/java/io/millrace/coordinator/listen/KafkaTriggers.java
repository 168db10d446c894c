package io.millrace.coordinator.listen;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.deadletter.NotReplayableException;
import io.millrace.coordinator.deadletter.PutAside;
import io.millrace.coordinator.deadletter.SecondLook;
import io.millrace.coordinator.topology.TriggerPauses;
import io.millrace.event.RunCommand;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The triggers of pipelines that listen to topics of users. Every record leads, for each trigger that listens, to what the version asks for that is current when it
 * is read, exactly once, however many coordinators read, and whichever of them is lost: positions move in the transaction that asks for the runs.
 *
 * <p><b>Threading:</b> safe for any number of threads. One thread of its own sees which topics are to be read, and each of them has a reader with a thread.
 */
public final class KafkaTriggers implements TriggerProgress, SecondLook, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaTriggers.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    /** How late it may be noticed that a topic was created, deleted or given more partitions. */
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(2);

    private final Listeners listeners;
    private final KnownPositions known;
    private final UserTopics topics;
    private final Parts parts;
    private final ListenCounts counts = new ListenCounts();
    private final Map<String, TopicReader> readers = new HashMap<>();
    private final Map<String, List<Listener>> told = new HashMap<>();
    private final Map<String, String> silent = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private Set<String> asked = Set.of();
    private long askedAtNanos = System.nanoTime() - BETWEEN_QUESTIONS.toNanos();
    private boolean troubled;

    private KafkaTriggers(
            KafkaAccess kafka,
            SchemaRegistryClient registry,
            WireFormat wire,
            String instanceId,
            PipelineCatalogue catalogue,
            TriggerPauses pauses,
            Clock clock) {
        this.listeners = new Listeners(catalogue, pauses, kafka.topicPrefix());
        this.known = new KnownPositions(kafka, wire);
        this.topics = new UserTopics(kafka);
        this.parts = new Parts(
                kafka, wire, instanceId, catalogue, listeners, known, new EventDecoder(registry), counts, clock);
        this.thread = new Thread(this::run, "kafka-triggers");
        thread.setDaemon(true);
    }

    /**
     * Begins to listen. It returns at once, also while Kafka is away.
     *
     * @param registry where the schemas of Avro records are
     * @param instanceId tells this coordinator from others, and stays the same when it is started again
     */
    public static KafkaTriggers start(
            KafkaAccess kafka,
            SchemaRegistryClient registry,
            WireFormat wire,
            String instanceId,
            PipelineCatalogue catalogue,
            TriggerPauses pauses,
            Clock clock) {
        KafkaTriggers triggers = new KafkaTriggers(kafka, registry, wire, instanceId, catalogue, pauses, clock);
        triggers.thread.start();
        return triggers;
    }

    /** What is measured of a coordinator that listens to nothing. */
    public static MeterBinder countsOfNone() {
        return new ListenCounts();
    }

    /** What is measured of it. */
    public MeterBinder counts() {
        return counts;
    }

    @Override
    public Reading of(PipelineId pipeline, String trigger, String topic) {
        Map<Integer, Long> positions = new TreeMap<>();
        known.of(topic, new ListenerId(pipeline.value(), trigger))
                .forEach(place -> positions.put(place.partition().getPartition(), place.next()));
        return new Reading(positions, lag(topic, positions));
    }

    private OptionalLong lag(String topic, Map<Integer, Long> positions) {
        try {
            return OptionalLong.of(topics.ends(topic, positions.keySet()).entrySet().stream()
                    .mapToLong(end -> Math.max(0, end.getValue() - positions.getOrDefault(end.getKey(), 0L)))
                    .sum());
        } catch (KafkaException e) {
            log.debug("Where {} ends cannot be told: {}", topic, e.getMessage());
            return OptionalLong.empty();
        }
    }

    @Override
    public RunCommand of(String trigger, ConsumerRecord<byte[], byte[]> record) throws NotReplayableException {
        String topic = record.topic();
        Listener listener = listeners.of(topic).stream()
                .filter(each -> each.toString().equals(trigger))
                .findFirst()
                .orElseThrow(() -> new NotReplayableException(
                        "the trigger " + trigger + " that put it aside does not listen to " + topic + " any more"));
        try {
            return parts.commands(topicId(topic))
                    .ofPutAside(listener, new Arrived(record, parts.decoder()))
                    .orElseThrow(() ->
                            new NotReplayableException("the filter of the trigger " + trigger + " says no to it now"));
        } catch (UndecodableException | RecordRefusedException e) {
            throw new NotReplayableException(
                    PutAside.legible("the trigger " + trigger + " would put it aside again: " + e.getMessage()));
        }
    }

    private String topicId(String topic) throws NotReplayableException {
        try {
            UserTopics.Answer answer = topics.describe(Set.of(topic)).get(topic);
            if (answer == null || answer.facts() == null) {
                throw new NotReplayableException("there is no topic " + topic + " any more");
            }
            return answer.facts().id();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void run() {
        try {
            while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                lookSafely();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookSafely() throws InterruptedException {
        try {
            look();
            troubled = false;
        } catch (KafkaException e) {
            if (!troubled) {
                log.warn("Which topics there are cannot be told just now; what is read is read on: {}", e.toString());
            }
            troubled = true;
        } catch (RuntimeException e) {
            log.error("Which topics triggers listen to could not be looked at", e);
        }
    }

    private void look() throws InterruptedException {
        Map<String, List<Listener>> current = listeners.byTopic();
        wakeThoseConcerned(current);
        Set<String> wanted = new HashSet<>(current.keySet());
        // Where nobody listens any more, it has to be written that nobody does.
        wanted.addAll(known.topics());
        boolean late = System.nanoTime() - askedAtNanos >= BETWEEN_QUESTIONS.toNanos();
        if (!wanted.equals(asked) || late && !wanted.isEmpty()) {
            Map<String, UserTopics.Answer> answers = topics.describe(wanted);
            asked = wanted;
            askedAtNanos = System.nanoTime();
            closeAllBut(answers);
            answers.forEach((topic, answer) -> see(topic, answer, current));
        } else if (wanted.isEmpty()) {
            closeAllBut(Map.of());
        }
    }

    private void wakeThoseConcerned(Map<String, List<Listener>> current) {
        readers.forEach((topic, reader) -> {
            List<Listener> now = current.getOrDefault(topic, List.of());
            if (told.put(topic, now) != now) {
                reader.wake();
            }
        });
    }

    private void see(String topic, UserTopics.Answer answer, Map<String, List<Listener>> current) {
        UserTopics.Facts facts = answer.facts();
        if (facts == null) {
            complain(topic, answer.trouble(), current.getOrDefault(topic, List.of()));
            return;
        }
        silent.remove(topic);
        TopicReader reader = readers.get(topic);
        if (reader == null) {
            reader = new TopicReader(topic, facts, parts);
            readers.put(topic, reader);
            reader.start();
            log.info("The topic {} is read for {}", topic, current.getOrDefault(topic, List.of()));
        }
        reader.has(facts.partitions());
    }

    /** Once, and not every two seconds. */
    private void complain(String topic, @Nullable String trouble, List<Listener> waiting) {
        String what = trouble == null ? "there is no such topic" : trouble;
        if (!what.equals(silent.put(topic, what)) && !waiting.isEmpty()) {
            log.warn("{} cannot listen to {} yet: {}; they begin as soon as they can", waiting, topic, what);
        }
    }

    /** Ends the readers of topics that nobody listens to, that are gone, or that are others of the same name. */
    private void closeAllBut(Map<String, UserTopics.Answer> answers) {
        for (String topic : Set.copyOf(readers.keySet())) {
            UserTopics.Answer answer = answers.get(topic);
            UserTopics.Facts facts = answer == null ? null : answer.facts();
            TopicReader reader = readers.get(topic);
            boolean unsaid = answer != null && answer.trouble() != null;
            if (reader != null && !unsaid && (facts == null || !facts.id().equals(reader.topicId()))) {
                log.info("The topic {} is read no more", topic);
                readers.remove(topic);
                told.remove(topic);
                reader.close();
            }
        }
    }

    /** Ends reading; what was judged and not written is read again by whoever comes next. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        readers.values().forEach(TopicReader::stop);
        readers.values().forEach(TopicReader::close);
        topics.close();
        known.close();
    }
}

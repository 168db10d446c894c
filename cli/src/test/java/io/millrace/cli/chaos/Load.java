package io.millrace.cli.chaos;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.UnreachableException;
import io.millrace.cli.endtoend.EventCounts;
import io.millrace.cli.endtoend.Until;
import io.millrace.engine.RunId;
import io.millrace.event.TriggerEvent;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A service that starts runs, half of them by records on the topic of triggers and half over HTTP, repeats what was not
 * acknowledged, and now and then what was; each run has a key. It keeps so many runs open and no more.
 */
final class Load implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Stack stack;
    private final EventCounts counter;
    private final Random random;
    private final int tasks;
    private final int open;
    private final Encoder<TriggerEvent> encoder;
    private final SchemaRegistryClient registry;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, String> accepted = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile int sent;
    private volatile int runs;
    private volatile boolean enough;
    private volatile boolean over;
    private volatile Optional<Throwable> failure = Optional.empty();

    /** @param tasks how many of them there are at least @param open how many runs are open at a time */
    Load(Stack stack, EventCounts counter, Random random, int tasks, int open) {
        this.stack = stack;
        this.counter = counter;
        this.random = random;
        this.tasks = tasks;
        this.open = open;
        this.registry = new SchemaRegistryClient(stack.access().registryUrl());
        this.encoder = new WireFormat(registry).encoder(stack.access().topics().triggers());
        Map<String, Object> properties = stack.access().producerProperties();
        properties.put("delivery.timeout.ms", 300_000);
        properties.put("linger.ms", 5);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.thread = new Thread(this::send, "chaos-load");
        thread.setDaemon(true);
        thread.start();
    }

    /** How many runs there are to be, with those that runs start. */
    int runs() {
        return runs;
    }

    /** How many tasks the accepted runs have. */
    int tasksSent() {
        return sent;
    }

    boolean isDone() {
        failure.ifPresent(cause -> {
            throw new AssertionError("the load failed", cause);
        });
        return !thread.isAlive();
    }

    /** The pipeline of each run that was acknowledged, by the run's id. */
    Map<String, String> accepted() {
        return accepted;
    }

    /** How many relays were started. */
    int relays() {
        return (int)
                accepted.values().stream().filter(ChaosPipelines.RELAY::equals).count();
    }

    /** Goes on until there have been enough tasks, and no longer. */
    void enough() {
        enough = true;
    }

    private void send() {
        try {
            for (int i = 0; !over && !(enough && sent >= tasks); i++) {
                Until.holds("fewer runs are open", LIMIT, () -> over || runs - counter.ended() < open);
                String pipeline = pipeline(i);
                String key = "key-" + i;
                int times = random.nextInt(10) == 0 ? 2 : 1;
                for (int time = 0; time < times; time++) {
                    if (random.nextBoolean()) {
                        sendRecord(pipeline, key);
                    } else {
                        sendCall(pipeline, key);
                    }
                }
                accepted.put(RunId.ofKey(new PipelineId(pipeline), key).value(), pipeline);
                sent += ChaosPipelines.tasks(pipeline);
                runs += ChaosPipelines.runs(pipeline);
            }
        } catch (RuntimeException | AssertionError e) {
            failure = Optional.of(e);
        }
    }

    private static String pipeline(int i) {
        return switch (i % 60) {
            case 29 -> ChaosPipelines.RELAY;
            case 59 -> "disk";
            default -> List.of("chain", "diamond", "map", "parent").get(i % 4);
        };
    }

    private void sendRecord(String pipeline, String key) {
        TriggerEvent trigger = TriggerEvent.newBuilder()
                .setPipeline(pipeline)
                .setIdempotencyKey(key)
                .setSource("chaos")
                .build();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(stack.access().topics().triggers().name(), encoder.encode(trigger));
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new AssertionError("the trigger was not acknowledged", e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void sendCall(String pipeline, String key) {
        Until.holds("a coordinator accepts " + key, LIMIT, () -> {
            List<ApiClient> apis = stack.apis();
            if (apis.isEmpty()) {
                return false;
            }
            try {
                apis.get(random.nextInt(apis.size())).start(pipeline, Json.object(), key);
                return true;
            } catch (UnreachableException gone) {
                return false;
            } catch (ApiException refused) {
                if (refused.status() == 503 || refused.status() == 429) {
                    return false;
                }
                throw refused;
            }
        });
    }

    @Override
    public void close() {
        over = true;
        producer.close(Duration.ofSeconds(5));
        registry.close();
    }
}

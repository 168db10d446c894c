package io.millrace.worker.trigger;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A run that is asked for. Each method gives this same object.
 *
 * <p><b>Threading:</b> for one thread at a time.
 */
public final class TriggerRequest {
    private static final int LONGEST_KEY = 255;
    private static final Pattern PIPELINE = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final TriggerClient client;
    private final String pipeline;
    private final TriggerInputs inputs = new TriggerInputs();
    private Optional<String> key = Optional.empty();
    private Optional<String> traceparent = Optional.empty();
    private String source;

    TriggerRequest(TriggerClient client, String pipeline, String source) {
        if (!PIPELINE.matcher(pipeline).matches()) {
            throw new IllegalArgumentException(
                    "'" + pipeline + "' is no pipeline's id: a lower-case letter, then lower-case letters, "
                            + "digits and underscores, at most 63 characters");
        }
        this.client = client;
        this.pipeline = pipeline;
        this.source = source;
    }

    /**
     * The idempotency key: all triggers of the pipeline with it are one run, however often they are sent. It is taken from what the run is for, such as
     * an order's number; without one, each trigger that is sent is a run.
     *
     * @throws IllegalArgumentException when it has not 1 to 255 characters
     */
    public TriggerRequest key(String idempotencyKey) {
        if (idempotencyKey.isEmpty() || idempotencyKey.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "the key has " + idempotencyKey.length() + " characters; 1 to " + LONGEST_KEY + " are allowed");
        }
        key = Optional.of(idempotencyKey);
        return this;
    }

    /**
     * An input of the run. Whether the pipeline has such an input, and of which type, is decided when the trigger is read; one that does not fit becomes a dead
     * letter.
     *
     * @param value what Jackson writes as JSON: maps, lists, texts, numbers, booleans, null, and more
     * @throws IllegalArgumentException when it cannot be written as JSON
     */
    public TriggerRequest input(String name, @Nullable Object value) {
        inputs.put(name, value);
        return this;
    }

    /** Several inputs; see {@link #input}. */
    public TriggerRequest inputs(Map<String, ?> values) {
        values.forEach(inputs::put);
        return this;
    }

    /**
     * Several inputs, as the members of a JSON object.
     *
     * @throws IllegalArgumentException when it is none
     */
    public TriggerRequest inputs(String json) {
        inputs.putAll(json);
        return this;
    }

    /** Who asks, for the audit log; otherwise it is what {@link TriggerClient#from} says. */
    public TriggerRequest source(String who) {
        source = who;
        return this;
    }

    /** The step of a W3C trace that asks, so that all of the run is of that trace. One that is malformed is passed over, as the standard asks. */
    public TriggerRequest traceparent(String header) {
        traceparent = Optional.of(header);
        return this;
    }

    /**
     * Sends it. When the future completes, Kafka has it: as many in-sync replicas as the topic asks for, written once however often the client had to repeat
     * itself. Otherwise it fails with a {@link TriggerException}. The call may wait while the client has no room or Kafka is away, up to the client's {@code
     * max.block.ms}. What completes the future is a thread of Kafka's client, which is not to be held up.
     *
     * @throws IllegalArgumentException when the inputs have more than 256 KiB as JSON
     */
    public CompletableFuture<AcceptedTrigger> send() {
        return client.send(record());
    }

    /**
     * The record to be sent by a producer of the caller's own, such as in its transaction: then there is a run exactly if the transaction is committed. It has
     * to be a producer of bytes, for the same cluster, and with {@code acks=all} as transactions ask for.
     *
     * @throws IllegalArgumentException when the inputs have more than 256 KiB as JSON
     */
    public ProducerRecord<byte[], byte[]> record() {
        return client.record(pipeline, key, inputs.json(), source, traceparent);
    }
}

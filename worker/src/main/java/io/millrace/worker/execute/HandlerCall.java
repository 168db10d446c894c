package io.millrace.worker.execute;

import io.millrace.event.LogStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a handler is called with.
 *
 * <p><b>Threading:</b> immutable but for the output, which takes lines from any thread.
 */
public final class HandlerCall {
    private final Delivery delivery;
    private final Map<String, Object> inputs;
    private final Optional<Map<String, Object>> checkpoint;
    private final Supplier<Path> workDirectory;
    private final AttemptArtifacts artifacts;
    private final TaskOutput output;
    private final BooleanSupplier cancelled;

    HandlerCall(
            Delivery delivery,
            Map<String, Object> inputs,
            Optional<Map<String, Object>> checkpoint,
            Supplier<Path> workDirectory,
            AttemptArtifacts artifacts,
            TaskOutput output,
            BooleanSupplier cancelled) {
        this.delivery = delivery;
        this.inputs = inputs;
        this.checkpoint = checkpoint;
        this.workDirectory = workDirectory;
        this.artifacts = artifacts;
        this.output = output;
        this.cancelled = cancelled;
    }

    /** What is to be executed. */
    public Delivery delivery() {
        return delivery;
    }

    /** The task's resolved {@code with}: integers are Integer, Long or BigInteger, decimals Double. */
    public Map<String, Object> inputs() {
        return inputs;
    }

    /** A directory of this attempt's own, deleted afterwards. */
    public Path workDirectory() {
        return workDirectory.get();
    }

    /**
     * Opens an artifact by the object that stands for it in the inputs; reading to its end throws when it is not what was stored.
     *
     * @throws IOException when it is no such object, or the artifact cannot be had
     */
    public InputStream openArtifact(Object reference) throws IOException {
        return artifacts.open(reference);
    }

    /**
     * Stores an artifact and returns the object that stands for it; the caller closes the stream.
     *
     * @throws IOException when it is too large, or cannot be stored
     */
    public Map<String, Object> writeArtifact(String name, InputStream content) throws IOException {
        return artifacts.write(name, content);
    }

    /** Writes to the task's log; each line of the text becomes one. */
    public void log(String text) {
        text.lines().forEach(line -> output.line(LogStream.STDOUT, line));
    }

    /** By what the handler says how far it is. */
    public TaskProgress progress() {
        return output.progress();
    }

    /** Where an earlier delivery got to; unmodifiable. */
    public Optional<Map<String, Object>> lastCheckpoint() {
        return checkpoint;
    }

    /** Whether the result does not matter any more: the time is up, or the task was cancelled or taken back. */
    public boolean isCancelled() {
        return cancelled.getAsBoolean();
    }
}

package io.millrace.worker.execute;

import io.millrace.event.LogStream;
import java.nio.file.Path;
import java.util.Map;
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
    private final Supplier<Path> workDirectory;
    private final TaskOutput output;
    private final BooleanSupplier cancelled;

    HandlerCall(
            Delivery delivery,
            Map<String, Object> inputs,
            Supplier<Path> workDirectory,
            TaskOutput output,
            BooleanSupplier cancelled) {
        this.delivery = delivery;
        this.inputs = inputs;
        this.workDirectory = workDirectory;
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

    /** Writes to the task's log; each line of the text becomes one. */
    public void log(String text) {
        text.lines().forEach(line -> output.line(LogStream.STDOUT, line));
    }

    /** Whether the result does not matter any more: the time is up, or the task was cancelled or taken back. */
    public boolean isCancelled() {
        return cancelled.getAsBoolean();
    }
}

package io.millrace.worker.trigger;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A trigger was not accepted, as far as is known. The message says by whom and why. */
public final class TriggerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean retryable;

    private TriggerException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    static TriggerException retryable(String message, @Nullable Throwable cause) {
        return new TriggerException(message, true, cause);
    }

    static TriggerException permanent(String message, @Nullable Throwable cause) {
        return new TriggerException(message, false, cause);
    }

    /**
     * Whether to send it again may help: Kafka or the registry was away. It may have been written all the same; with a key that makes no difference, and
     * without one it may then be two runs.
     */
    public boolean isRetryable() {
        return retryable;
    }

    /** The sentence; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

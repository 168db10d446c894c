package io.millrace.schemas;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The topics could not be made usable. The message says which, why, and what to do about it. */
public final class TopicCreationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TopicCreationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The sentence; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

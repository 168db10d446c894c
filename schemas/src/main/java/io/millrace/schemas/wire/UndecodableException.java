package io.millrace.schemas.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bytes are not the record that was expected, and never will be. The message says why in one sentence (G8). */
public final class UndecodableException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why, in a sentence. */
    public UndecodableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The sentence; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

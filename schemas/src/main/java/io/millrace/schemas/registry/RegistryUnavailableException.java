package io.millrace.schemas.registry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The registry did not answer, or answered that it cannot now, for as long as the client has patience. Asking again later may help. */
public final class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The sentence; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

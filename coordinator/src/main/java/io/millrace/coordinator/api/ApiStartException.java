package io.millrace.coordinator.api;

import org.jspecify.annotations.Nullable;

/** The API cannot be served, for example because the port is taken; the message names address and port. */
public final class ApiStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ApiStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

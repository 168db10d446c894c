package io.millrace.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The broker or the registry could not be started; the message says, in one sentence for the person at the keyboard,
 * what is in the way: a port that is taken, a directory that is not writable, is in use, or is of another version.
 * Nothing is left running when this is thrown.
 */
public final class EmbeddedStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is in the way, and where there is one, the way out
     * @param cause what was caught, when something was
     */
    public EmbeddedStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package io.millrace.cli.local;

/** The platform cannot start here; the message says in one sentence what is in the way, and what to do. Nothing is left running. */
public final class PlatformStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** It cannot start, for this reason. */
    public PlatformStartException(String message, Throwable cause) {
        super(message, cause);
    }
}

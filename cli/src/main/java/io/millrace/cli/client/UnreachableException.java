package io.millrace.cli.client;

/** Nobody answers at an address; the message names it, and what to start or to set. */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Nobody answers, for this reason. */
    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Nobody answers. */
    public UnreachableException(String message) {
        super(message);
    }
}

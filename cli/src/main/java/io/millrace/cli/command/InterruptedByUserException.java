package io.millrace.cli.command;

/** Ctrl-C or SIGTERM ended the wait; what was begun has been left in order. */
final class InterruptedByUserException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InterruptedByUserException() {
        super("interrupted");
    }
}

package io.millrace.bench.lab;

/** Something in the lab did not do what it has to do for a measurement; the message says what. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a sentence for people. */
    public LabException(String message) {
        super(message);
    }
}

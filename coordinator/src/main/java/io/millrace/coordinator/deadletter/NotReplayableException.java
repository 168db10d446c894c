package io.millrace.coordinator.deadletter;

/** A record that was put aside cannot be sent again, or would come to nothing. The message is a sentence for people. */
public final class NotReplayableException extends Exception {
    private static final long serialVersionUID = 1;

    public NotReplayableException(String message) {
        super(message);
    }

    /** The sentence; never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

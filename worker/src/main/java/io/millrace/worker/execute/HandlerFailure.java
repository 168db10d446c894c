package io.millrace.worker.execute;

/** A handler's own word on its failure. */
public final class HandlerFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    /** Takes the cause, whose message is for people, and whether another attempt may help. */
    public HandlerFailure(Throwable cause, boolean retryable) {
        super(cause.getMessage(), cause);
        this.retryable = retryable;
    }

    private HandlerFailure(String sentence, boolean retryable) {
        super(sentence);
        this.retryable = retryable;
    }

    /** A failure that is all said in a sentence for people: no trace of it is kept. */
    public static HandlerFailure of(String sentence, boolean retryable) {
        return new HandlerFailure(sentence, retryable);
    }

    boolean isRetryable() {
        return retryable;
    }
}

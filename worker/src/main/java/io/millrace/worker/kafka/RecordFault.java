package io.millrace.worker.kafka;

/** What keeps a record from being sent, in one sentence for people. */
public final class RecordFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final boolean retryable;

    RecordFault(String sentence, boolean retryable) {
        super(sentence);
        this.sentence = sentence;
        this.retryable = retryable;
    }

    static RecordFault permanent(String sentence) {
        return new RecordFault(sentence, false);
    }

    /** One sentence for people. */
    public String sentence() {
        return sentence;
    }

    /** Whether another attempt may help. */
    public boolean isRetryable() {
        return retryable;
    }
}

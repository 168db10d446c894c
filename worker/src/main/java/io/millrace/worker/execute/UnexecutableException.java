package io.millrace.worker.execute;

/** Says, in one sentence for people, why a delivery cannot be executed as it is written; another attempt would not help. */
public final class UnexecutableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /** Takes the sentence. */
    public UnexecutableException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}

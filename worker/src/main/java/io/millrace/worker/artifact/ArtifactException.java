package io.millrace.worker.artifact;

import java.io.IOException;

/** An artifact that cannot be stored or had; the message is one sentence for people, and names it. */
public final class ArtifactException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private ArtifactException(String sentence, boolean retryable) {
        super(sentence);
        this.retryable = retryable;
    }

    /** No attempt can mend it. */
    public static ArtifactException permanent(String sentence) {
        return new ArtifactException(sentence, false);
    }

    /** Another attempt may mend it. */
    public static ArtifactException retryable(String sentence) {
        return new ArtifactException(sentence, true);
    }

    /** One sentence for people. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** Whether another attempt may help. */
    public boolean isRetryable() {
        return retryable;
    }
}

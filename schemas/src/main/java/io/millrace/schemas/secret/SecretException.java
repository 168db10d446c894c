package io.millrace.schemas.secret;

/** A secret that cannot be given to a task; the message names it and never holds a value. */
public final class SecretException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final boolean retryable;

    private SecretException(String sentence, boolean retryable) {
        super(sentence);
        this.sentence = sentence;
        this.retryable = retryable;
    }

    /** No attempt can mend it: the secret is unknown, or what is there must not be used. */
    public static SecretException permanent(String sentence) {
        return new SecretException(sentence, false);
    }

    /** Another attempt may mend it: the provider is away. */
    public static SecretException retryable(String sentence) {
        return new SecretException(sentence, true);
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

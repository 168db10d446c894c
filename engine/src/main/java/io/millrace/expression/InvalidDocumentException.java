package io.millrace.expression;

/** A text or a value is not a JSON object that a {@link Document} can hold; the message is one sentence that says why. */
public final class InvalidDocumentException extends IllegalArgumentException {
    private final String sentence;

    InvalidDocumentException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    @Override
    public String getMessage() {
        return sentence;
    }
}

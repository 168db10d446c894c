package io.millrace.expression;

/**
 * An expression could not be evaluated. The message names the expression, its place in the pipeline's file and the
 * reason; it is meant for the people who wrote the expression.
 */
public final class EvaluationException extends Exception {
    private final String sentence;
    private final Place place;

    EvaluationException(String source, Place place, String reason) {
        this("the expression `" + Shortened.of(source) + "` at " + place + " could not be evaluated: " + reason, place);
    }

    /** What is written there has a value, and one that cannot be what it is for. */
    public static EvaluationException of(Excerpt source, String reason) {
        return new EvaluationException(
                "`" + Shortened.of(source.text()) + "` at " + source.place() + ": " + reason, source.place());
    }

    private EvaluationException(String sentence, Place place) {
        super(sentence);
        this.sentence = sentence;
        this.place = place;
    }

    @Override
    public String getMessage() {
        return sentence;
    }

    /** Where in the pipeline's file the expression stands. */
    public Place place() {
        return place;
    }
}

package io.millrace.alert;

import io.millrace.engine.RunId;
import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That something happened once.
 *
 * @param run the run, or null where it is about none
 * @param task the task, or null
 * @param text what to say of it, in a sentence
 * @param facts what people want to know; an object
 */
public record Occurrence(
        Instant at, @Nullable RunId run, @Nullable TaskId task, String text, Document facts) {
    /** The same with other words. */
    Occurrence with(String words) {
        return new Occurrence(at, run, task, words, facts);
    }
}

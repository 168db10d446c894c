package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Excerpt;
import io.millrace.expression.Template;
import io.millrace.expression.ValueType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/**
 * A wait for a moment: an instant, a local time, or the next time at which clocks show a time of day.
 *
 * @param until the moment as {@link Moments} reads it
 * @param zone where a time without an offset is meant
 * @param source what is written in the file
 */
public record WaitUntil(Template until, ZoneId zone, Excerpt source) implements Wait {
    /** <code>{"timezone":"Europe/Berlin","until":"06:00"}</code>. */
    @Override
    public Template document() {
        return Template.object(Map.of("until", until, "timezone", Template.constant(zone.getId())));
    }

    @Override
    public Instant endsAt(Instant begin, Document document) throws EvaluationException {
        Object value = document.asMap().get("until");
        Instant end = (value instanceof String text
                ? Moments.next(text.strip(), zone, begin).orElse(null)
                : null);
        if (end == null) {
            throw EvaluationException.of(source, "this is " + ValueType.describe(value) + "; expected " + Moments.RULE);
        }
        if (Duration.between(begin, end).compareTo(PipelineLimits.WAIT) > 0) {
            throw EvaluationException.of(
                    source,
                    end + " is too far off; the limit of a wait is " + PipelineLimits.WAIT.toDays()
                            + "d from its begin");
        }
        return end;
    }

    /** {@code wait until 06:00 Europe/Berlin}, as it is written. */
    @Override
    public String toString() {
        return "wait until " + source.text() + (zone.getId().equals(Moments.UTC.getId()) ? "" : " " + zone);
    }
}

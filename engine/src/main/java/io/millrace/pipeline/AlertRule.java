package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When somebody is to be told of what happens to a pipeline's runs, or does not.
 *
 * @param id its id
 * @param cause what for
 * @param severity how bad it is
 * @param message what to say; empty for a sentence of ours
 * @param group what tells alerts of this rule apart that are raised and resolved each by itself; empty when they are one
 * @param to the channels, which are pipelines: never empty
 * @param interval the least time between two messages about one alert: what happens meanwhile is counted
 * @param repeat after how long those are told once more who have not acknowledged it; empty for never
 */
public record AlertRule(
        AlertId id,
        AlertCause cause,
        Severity severity,
        Optional<Template> message,
        Optional<EventKey> group,
        List<PipelineId> to,
        Duration interval,
        Optional<Duration> repeat) {
    /** How bad it is, in the words of PagerDuty's events. */
    public enum Severity {
        INFO,
        WARNING,
        ERROR,
        CRITICAL
    }

    /** The least time between two messages, unless a rule says another. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    /** Copies the list. */
    public AlertRule {
        to = List.copyOf(to);
    }
}

package io.millrace.testkit;

import io.millrace.engine.Delivery;
import io.millrace.engine.Failure;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunStatus;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.RunPipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of the attempts of a run that is on record, by task, attempt and epoch: for the question what another version of the
 * pipeline would have made of the same outcomes. A rehearsal of the same version gives the same run.
 *
 * <p>Nothing is known of an attempt that the record does not have or does not see end, of one that ran into a timeout that is longer
 * now, and of one whose output was refused by a check or declaration that has changed since: the log does not hold such an output.
 * Items are the same if they have the same index.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class RecordedOutcomes implements Outcomes {
    private static final Pattern END_OF_RUN =
            Pattern.compile("the run \\S+ (failed|cancelled)(?:: (.*))?", Pattern.DOTALL);
    private static final String REJECTED_BY = "rejected by ";

    private final Pipeline recorded;
    private final Map<Key, Record> records = new HashMap<>();

    private record Key(TaskId task, Delivery delivery) {}

    /** One attempt on record. @param end the event that ended it */
    private record Record(RunEvent end, Duration took, List<Progress> progress) {}

    /**
     * Of these events.
     *
     * @param recorded the version of the pipeline that the run was pinned to
     * @param events the run's events in the order of their numbers
     */
    public RecordedOutcomes(Pipeline recorded, List<RunEvent> events) {
        this.recorded = recorded;
        Map<Key, Instant> begun = new HashMap<>();
        Map<Key, List<Progress>> progress = new HashMap<>();
        for (RunEvent event : events) {
            if (event.task() == null) {
                continue;
            }
            Key key = new Key(event.task(), event.delivery());
            Instant begin = begun.get(key);
            switch (event.type()) {
                case TASK_STARTED, TASK_DEFERRED -> begun.put(key, event.at());
                case TASK_PROGRESSED -> {
                    if (begin != null) {
                        progress.computeIfAbsent(key, first -> new ArrayList<>())
                                .add(said(event, begin));
                    }
                }
                case TASK_SUCCEEDED, TASK_RETRIED, TASK_FAILED, TASK_LOST, TASK_RELEASED -> {
                    if (begin != null) {
                        records.put(
                                key,
                                new Record(
                                        event,
                                        Duration.between(begin, event.at()),
                                        progress.getOrDefault(key, List.of())));
                    }
                }
                default -> {}
            }
        }
    }

    private static Progress said(RunEvent event, Instant begin) {
        return new Progress(
                Duration.between(begin, event.at()),
                event.progress() == null ? OptionalDouble.empty() : OptionalDouble.of(event.progress()),
                Optional.ofNullable(event.checkpoint()));
    }

    @Override
    public Optional<Outcome> of(Attempt attempt) {
        Record known = records.get(new Key(attempt.task(), attempt.delivery()));
        return known == null
                ? Optional.empty()
                : ending(known, attempt).map(ending -> new Outcome(ending, known.took(), known.progress()));
    }

    private Optional<Ending> ending(Record known, Attempt attempt) {
        RunEvent end = known.end();
        boolean approval = attempt.definition().action() instanceof Approval;
        if (end.type() == RunEventType.TASK_SUCCEEDED) {
            return Optional.ofNullable(end.output())
                    .map(output -> approval ? approved(output.asMap()) : new Ending.Gives(output));
        }
        if (end.type() == RunEventType.TASK_LOST) {
            return Optional.of(new Ending.LosesWorker());
        }
        if (end.type() == RunEventType.TASK_RELEASED) {
            return Optional.of(new Ending.IsReleased());
        }
        Failure failure = Objects.requireNonNull(end.failure(), "the failure of an attempt that failed");
        return failed(failure, known, attempt);
    }

    private Optional<Ending> failed(Failure failure, Record known, Attempt attempt) {
        return switch (failure.kind()) {
            case TIMEOUT -> timedOut(failure, known, attempt);
            case WORKER_LOST -> Optional.of(new Ending.LosesWorker());
            case REJECTED -> Optional.of(new Ending.Answered(false, rejectedBy(failure.message()), null));
            case RUN -> runEnded(failure.message());
            case CHECK, INVALID_OUTPUT, EXPRESSION ->
                judgesAsBefore(attempt) ? Optional.of(new Ending.Fails(failure)) : Optional.empty();
            default -> Optional.of(new Ending.Fails(failure));
        };
    }

    /** Where the time is up no later than it was, it is up again; where there is more of it now, nobody knows. */
    private static Optional<Ending> timedOut(Failure failure, Record known, Attempt attempt) {
        Task task = attempt.definition();
        boolean inTimeNow = task.timeout()
                .filter(timeout -> timeout.compareTo(known.took()) <= 0)
                .isEmpty();
        if (inTimeNow) {
            return Optional.empty();
        }
        boolean endedByEngine = task.action() instanceof Approval || task.action() instanceof RunPipeline;
        return Optional.of(endedByEngine ? new Ending.Never() : new Ending.Fails(failure));
    }

    private static Ending approved(Map<String, ?> answer) {
        return new Ending.Answered(
                true,
                answer.get("by") instanceof String by ? by : null,
                answer.get("comment") instanceof String comment ? comment : null);
    }

    private static String rejectedBy(String message) {
        return message.startsWith(REJECTED_BY) ? message.substring(REJECTED_BY.length()) : message;
    }

    private static Optional<Ending> runEnded(String message) {
        Matcher end = END_OF_RUN.matcher(message);
        return end.matches()
                ? Optional.of(
                        new Ending.RunEnds(RunStatus.valueOf(end.group(1).toUpperCase(Locale.ROOT)), end.group(2)))
                : Optional.empty();
    }

    private boolean judgesAsBefore(Attempt attempt) {
        TaskId id = attempt.task().base();
        if (!recorded.hasTask(id)) {
            return false;
        }
        Task before = recorded.task(id);
        Task now = attempt.definition();
        return before.outputs().equals(now.outputs())
                && before.check().map(Object::toString).equals(now.check().map(Object::toString));
    }
}

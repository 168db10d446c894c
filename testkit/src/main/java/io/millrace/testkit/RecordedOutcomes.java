package io.millrace.testkit;

import io.millrace.engine.Delivery;
import io.millrace.engine.Failure;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.expression.Document;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of the attempts of a run that is on record, each with the time that it took: for rehearsing what another version of
 * its pipeline would have made of them. Of what was never attempted, or had not ended, nothing is known.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class RecordedOutcomes implements Outcomes {
    private record Key(TaskId task, Delivery delivery) {}

    /** The end of a delivery. @param output of an accepted outcome, or null */
    private record End(
            RunEventType type,
            Duration took,
            @Nullable Document output,
            @Nullable Failure failure) {}

    private final Map<Key, End> ends = new HashMap<>();

    /** The outcomes that these events of one run tell of, in their order. */
    public RecordedOutcomes(List<RunEvent> events) {
        Map<Key, Instant> begun = new HashMap<>();
        for (RunEvent event : events) {
            TaskId task = event.task();
            if (task == null || event.delivery().equals(Delivery.NONE)) {
                continue;
            }
            Key key = new Key(task, event.delivery());
            switch (event.type()) {
                case TASK_STARTED, TASK_DEFERRED -> begun.put(key, event.at());
                case TASK_SUCCEEDED, TASK_RETRIED, TASK_FAILED, TASK_LOST, TASK_RELEASED -> {
                    Instant begin = begun.getOrDefault(key, event.at());
                    Duration took = event.at().isBefore(begin) ? Duration.ZERO : Duration.between(begin, event.at());
                    ends.putIfAbsent(key, new End(event.type(), took, event.output(), event.failure()));
                }
                default -> {}
            }
        }
    }

    @Override
    public Optional<Outcome> of(Attempt attempt) {
        End end = ends.get(new Key(attempt.task(), attempt.delivery()));
        return end == null
                ? Optional.empty()
                : Optional.of(Outcome.of(ending(attempt, end)).taking(end.took()));
    }

    private static Ending ending(Attempt attempt, End end) {
        boolean asks = attempt.definition().action() instanceof Approval;
        Failure failure = end.failure();
        if (end.type() == RunEventType.TASK_LOST || isWorkerLost(failure)) {
            return new Ending.LosesWorker();
        }
        if (end.type() == RunEventType.TASK_RELEASED) {
            return new Ending.IsReleased();
        }
        if (failure == null) {
            Document output = end.output() == null ? Document.EMPTY : end.output();
            return asks ? answered(output) : new Ending.Gives(output);
        }
        if (!asks) {
            return new Ending.Fails(failure);
        }
        return failure.kind() == Failure.Kind.REJECTED
                ? new Ending.Answered(false, null, failure.message())
                : new Ending.Never();
    }

    private static boolean isWorkerLost(@Nullable Failure failure) {
        return failure != null && failure.kind() == Failure.Kind.WORKER_LOST;
    }

    private static Ending answered(Document output) {
        Map<String, @Nullable Object> answer = output.asMap();
        return new Ending.Answered(true, text(answer.get("by")), text(answer.get("comment")));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}

package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Notices when nothing has happened to a run for a while and no task of it is being executed, and asks what it waits for: such
 * as a worker that serves its queue.
 */
final class Standstill {
    private static final Duration WORTH_ASKING = Duration.ofSeconds(3);

    private final Function<String, JsonNode> why;
    private List<String> states = List.of();
    private Instant since = Instant.MIN;
    private Optional<String> sentence = Optional.empty();

    /** @param why the answer of {@code GET /runs/{id}/why} */
    Standstill(Function<String, JsonNode> why) {
        this.why = why;
    }

    /** What the run waits for, in a sentence; empty while something happens. */
    Optional<String> of(RunView run, Instant now) {
        List<String> present = run.tasks().stream()
                .map(task -> task.status() + " " + task.attempt() + " " + task.epoch())
                .toList();
        boolean executing = run.tasks().stream().anyMatch(task -> task.status().equals("running"));
        if (run.ended() || executing || !present.equals(states)) {
            states = present;
            since = now;
            sentence = Optional.empty();
        } else if (Duration.between(since, now).compareTo(WORTH_ASKING) >= 0) {
            since = now;
            sentence =
                    Optional.of(why.apply(run.id()).path("sentence").asText()).filter(text -> !text.isBlank());
        }
        return sentence;
    }
}

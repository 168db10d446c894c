package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunId;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerIndexTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private final TimerIndex timers = new TimerIndex();

    private static StoreKey key(int run) {
        return new StoreKey(RunId.ofKey(new PipelineId("p"), Integer.toString(run)), new TaskId("t"));
    }

    @Test
    void takesWhatHasBeenDueForLongestFirst() {
        timers.set(key(1), NOON.plusSeconds(2));
        timers.set(key(2), NOON.plusSeconds(1));
        timers.set(key(3), NOON.plusSeconds(3));

        assertThat(timers.takeDue(NOON)).isEmpty();
        assertThat(timers.takeDue(NOON.plusSeconds(2))).contains(key(2));
        assertThat(timers.takeDue(NOON.plusSeconds(2))).contains(key(1));
        assertThat(timers.takeDue(NOON.plusSeconds(2))).isEmpty();
    }

    @Test
    void laterTimeReplacesAnEarlierOne() {
        timers.set(key(1), NOON);
        timers.set(key(1), NOON.plusSeconds(5));

        assertThat(timers.takeDue(NOON.plusSeconds(4))).isEmpty();
        assertThat(timers.size()).isEqualTo(1);
    }

    @Test
    void timerThatIsClearedDoesNotFire() {
        timers.set(key(1), NOON);
        timers.set(key(1), null);

        assertThat(timers.takeDue(NOON.plusSeconds(60))).isEmpty();
        assertThat(timers.size()).isZero();
    }

    @Test
    void hundredThousandTimersAtOneInstantAllFireOnce() {
        int many = 100_000;
        for (int i = 0; i < many; i++) {
            timers.set(key(i), NOON);
        }
        int fired = 0;
        while (timers.takeDue(NOON).isPresent()) {
            fired++;
        }

        assertThat(fired).isEqualTo(many);
    }

    @Test
    void agreesWithASortedList() {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Instant> due = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            due.add(null);
        }
        for (int step = 0; step < 20_000; step++) {
            int run = random.nextInt(due.size());
            Instant at = random.nextInt(4) == 0 ? null : NOON.plusMillis(random.nextInt(1_000));
            due.set(run, at);
            timers.set(key(run), at);
            if (random.nextInt(3) == 0) {
                Instant now = NOON.plusMillis(random.nextInt(1_000));
                Optional<StoreKey> taken = timers.takeDue(now);
                Optional<Instant> earliest = due.stream()
                        .filter(instant -> instant != null && !instant.isAfter(now))
                        .min(Instant::compareTo);
                assertThat(taken.isPresent()).as("seed %d, step %d", seed, step).isEqualTo(earliest.isPresent());
                taken.ifPresent(key -> {
                    for (int i = 0; i < due.size(); i++) {
                        if (key(i).equals(key)) {
                            assertThat(due.get(i)).as("seed %d", seed).isEqualTo(earliest.get());
                            due.set(i, null);
                        }
                    }
                });
            }
        }
    }
}

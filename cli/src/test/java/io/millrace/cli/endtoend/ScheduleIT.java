package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many schedules that are due at one moment, on two coordinators of which one is killed at that very moment: each tick starts one run. */
class ScheduleIT {
    private static final String[] CLUSTER = {"--set", "standbys=1", "--set", "partitions=4"};
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PERIOD = Duration.ofSeconds(15);
    private static final int PIPELINES = Integer.getInteger("millrace.schedules", 1_000) / 50;
    private static final int OF_EACH = 50;

    @TempDir
    private Path directory;

    @Test
    void eachTickStartsOneRunWhoeverIsKilled() throws IOException {
        try (Cluster cluster = Cluster.startWith(directory, "schedule-it.", CLUSTER);
                AuditWatch audit = new AuditWatch(cluster.access())) {
            MillraceProcess second = cluster.coordinator("c2", CLUSTER);
            for (int i = 0; i < PIPELINES; i++) {
                cluster.apply("pipeline_" + i, pipeline("pipeline_" + i));
            }
            Instant first = awaitWholeTick("a tick of all", audit, Instant.now());

            Instant next = first.plus(PERIOD);
            Until.holds("the next tick has come", LIMIT, () -> !Instant.now().isBefore(next));
            second.kill9();
            Instant killed = Instant.now();
            Instant after = awaitWholeTick("a tick after one was killed", audit, killed);
            cluster.coordinator("c2", CLUSTER);
            Instant last = awaitWholeTick("a tick with both", audit, Instant.now());

            TreeMap<Instant, Long> starts = starts(audit);
            assertThat(starts.subMap(first, last.plusNanos(1)))
                    .as("runs by tick, killed at %s, whole again at %s", killed, after)
                    .hasSize((int) (Duration.between(first, last).dividedBy(PERIOD) + 1))
                    .allSatisfy((tick, runs) -> assertThat(runs).isEqualTo((long) PIPELINES * OF_EACH));
            List<String> runs = audit.events(RunEventType.RUN_STARTED)
                    .map(RunEvent::getRunId)
                    .toList();
            assertThat(runs).doesNotHaveDuplicates();
            System.out.println("Latest start of " + PIPELINES * OF_EACH + " schedules after their tick: "
                    + latest(audit, first) + " ms; " + latest(audit, next) + " ms where a coordinator was killed; "
                    + latest(audit, last) + " ms");
        }
    }

    private static String pipeline(String id) {
        String triggers = IntStream.range(0, OF_EACH)
                .mapToObj(i -> "  - {id: t" + i + ", schedule: {every: " + PERIOD.toSeconds() + "s}}\n")
                .collect(Collectors.joining());
        return "id: " + id + "\ntriggers:\n" + triggers + "tasks:\n  - {id: a, shell: \"true\"}\n";
    }

    /** The first tick that lies after a moment and of which all runs have started. */
    private static Instant awaitWholeTick(String what, AuditWatch audit, Instant from) {
        return Until.found(
                what,
                LIMIT,
                () -> starts(audit).tailMap(from).entrySet().stream()
                        .filter(tick -> tick.getValue() >= (long) PIPELINES * OF_EACH)
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    /** How many runs each tick has started. */
    private static TreeMap<Instant, Long> starts(AuditWatch audit) {
        return audit.events(RunEventType.RUN_STARTED)
                .collect(Collectors.groupingBy(ScheduleIT::tick, TreeMap::new, Collectors.counting()));
    }

    private static Instant tick(RunEvent start) {
        return start.getTrigger().flatMap(Trigger::getLogicalTime).orElseThrow();
    }

    private static long latest(AuditWatch audit, Instant tick) {
        List<Long> late = audit.events(RunEventType.RUN_STARTED)
                .filter(start -> tick(start).equals(tick))
                .map(start -> Duration.between(tick, start.getAt()).toMillis())
                .toList();
        return Collections.max(late);
    }
}

package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.audit.reading.AuditResult;
import io.millrace.audit.verify.Guarantee;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backfill on two coordinators, of which each is killed once, with a pause in between: each tick has one run, and never are more under way for it than may
 * be. A second one finds them all, and runs those again that failed.
 */
class BackfillIT {
    private static final String[] CLUSTER = {"--set", "standbys=1", "--set", "partitions=4"};
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Instant FROM = Instant.parse("2025-03-01T00:00:00Z");
    private static final int TICKS = Integer.getInteger("millrace.backfill", 300);
    private static final int AT_ONCE = 5;

    @TempDir
    private Path directory;

    private Cluster cluster;
    /** The coordinator that is asked. */
    private MillraceProcess front;

    private Cli execute(String... arguments) {
        return Cli.at(Cluster.url(front), arguments);
    }

    @Test
    void eachTickHasOneRunWhoeverIsKilled() throws IOException {
        try (Cluster started = Cluster.startWith(directory, "backfill-it.", CLUSTER);
                AuditWatch audit = new AuditWatch(started.access())) {
            cluster = started;
            front = cluster.first();
            MillraceProcess second = cluster.coordinator("c2", CLUSTER);
            cluster.apply("etl", """
                    id: etl
                    inputs: {at: string}
                    triggers:
                      - {id: hourly, schedule: {every: 1h, end: 2025-12-31}, inputs: {at: "${{ schedule.at }}"}}
                    tasks: [{id: pass, wait: 20ms}]
                    """);
            String[] range = {
                "backfill",
                "etl",
                "--from",
                FROM.toString(),
                "--to",
                hour(TICKS).toString()
            };
            JsonNode preview =
                    execute(and(range, "--preview", "-o", "json")).ended(0).json();
            assertThat(preview.path("total").asInt()).isEqualTo(TICKS);
            assertThat(preview.path("ticks"))
                    .allSatisfy(tick -> assertThat(tick.path("action").asText()).isEqualTo("start"));

            String id = execute(and(range, "--limit", Integer.toString(AT_ONCE), "--key", "once"))
                    .ended(0)
                    .out()
                    .strip();
            Until.holds("runs end", LIMIT, () -> audit.ended() >= TICKS / 5);
            second.kill9();
            front = cluster.coordinator("c2", CLUSTER);
            Until.holds("runs end after one was killed", LIMIT, () -> audit.ended() >= 2 * TICKS / 5);
            cluster.first().kill9();
            cluster.coordinator("c1", CLUSTER);
            Until.holds("runs end after the other was killed", LIMIT, () -> audit.ended() >= 3 * TICKS / 5);

            execute("backfills", "pause", id, "--reason", "lunch").ended(0);
            Until.holds("it is paused and nothing is under way", LIMIT, () -> {
                JsonNode backfill = backfill(id);
                return backfill.path("state").asText().equals("paused")
                        && backfill.path("counts").path("open").asInt() == 0;
            });
            long paused = backfill(id).path("counts").path("asked").asLong();
            Until.holds("what was asked for has ended", () -> audit.ended() == paused);
            assertThat(execute(and(range, "--key", "once")).ended(0).out().strip())
                    .as("a repeat")
                    .isEqualTo(id);
            execute("backfills", "resume", id).ended(0);
            execute("backfills", "show", id, "--follow").ended(0);
            Until.holds("all have ended", () -> audit.ended() == TICKS);

            JsonNode counts = backfill(id).path("counts");
            assertThat(counts.path("succeeded").asInt()).as(counts.toString()).isEqualTo(TICKS);
            List<RunEvent> begun = audit.events(RunEventType.RUN_STARTED)
                    .filter(event -> event.getTrigger()
                            .map(Trigger::getKind)
                            .filter(TriggerKind.BACKFILL::equals)
                            .isPresent())
                    .toList();
            assertThat(begun)
                    .extracting(event ->
                            event.getTrigger().orElseThrow().getLogicalTime().orElseThrow())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, TICKS).mapToObj(BackfillIT::hour).toList());
            assertThat(begun).extracting(RunEvent::getRunId).doesNotHaveDuplicates();
            assertThat(mostAtOnce(audit)).as("under way at a time").isBetween(1, AT_ONCE);

            execute(and(range, "--follow", "--limit", "100")).ended(0);
            JsonNode later = execute("backfills", "show", "last", "-o", "json").json();
            assertThat(later.path("counts").path("skipped").asInt()).isEqualTo(TICKS);
            assertThat(audit.events(RunEventType.RUN_RERUN)).isEmpty();
            AuditResult result = Audited.holds(cluster.access());
            assertThat(result.verdict().rows().get(Guarantee.G1).checked())
                    .containsEntry("runs that backfills asked for", 2L * TICKS);
        }
    }

    @Test
    void whatIsCancelledEndsItsRunsAndWhatFailedRunsAgain() throws IOException {
        try (Cluster started = Cluster.start(directory, "backfill-end-it.");
                AuditWatch audit = new AuditWatch(started.access())) {
            cluster = started;
            front = cluster.first();
            cluster.apply("slow", """
                    id: slow
                    triggers: [{id: hourly, schedule: {every: 1h, end: 2025-12-31}}]
                    tasks: [{id: long, wait: 1h}]
                    """);
            String[] range = {"backfill", "slow", "--from", FROM.toString(), "--to", hour(3).toString()};
            String id = execute(and(range, "--limit", "2")).ended(0).out().strip();
            Until.holds(
                    "two are under way",
                    () -> audit.events(RunEventType.RUN_STARTED).count() == 2);

            execute("backfills", "cancel", id).ended(0);
            execute("backfills", "show", id, "--follow").ended(1);

            assertThat(backfill(id).path("state").asText()).isEqualTo("cancelled");
            Until.holds(
                    "the log shows it",
                    () -> audit.events(RunEventType.RUN_CANCELLED).count() == 2);
            assertThat(execute("backfills", "resume", id).code()).isNotZero();

            String again = execute(and(range, "--limit", "3")).ended(0).out().strip();
            Until.holds(
                    "those that were cancelled are open again, and the third has begun",
                    () -> audit.events(RunEventType.RUN_RERUN).count() == 2
                            && audit.events(RunEventType.RUN_STARTED).count() == 3);
            execute("backfills", "cancel", again).ended(0);
            execute("backfills", "show", again, "--follow").ended(1);
            assertThat(backfill(again).path("counts").path("cancelled").asInt()).isEqualTo(3);
            Audited.holds(cluster.access());
        }
    }

    private static String[] and(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static Instant hour(int hour) {
        return FROM.plus(Duration.ofHours(hour));
    }

    private JsonNode backfill(String id) {
        return execute("backfills", "show", id, "-o", "json").ended(0).json();
    }

    /**
     * How many of its runs were under way at a time. The engine stamps an event when it decides it, and asks for the next run only when it has read that one has
     * ended; so the order of the stamps is that of a single clock, which all processes of this machine share. Where an end and a start have the same, the end
     * came first.
     */
    private static int mostAtOnce(AuditWatch audit) {
        List<RunEvent> starts = audit.events(RunEventType.RUN_STARTED)
                .filter(event -> event.getTrigger()
                        .map(Trigger::getKind)
                        .filter(TriggerKind.BACKFILL::equals)
                        .isPresent())
                .toList();
        Set<String> ours = new HashSet<>(starts.stream().map(RunEvent::getRunId).toList());
        List<RunEvent> ends = audit.events(RunEventType.RUN_SUCCEEDED)
                .filter(event -> ours.contains(event.getRunId()))
                .toList();
        int most = 0;
        for (RunEvent start : starts) {
            long begun = starts.stream()
                    .filter(other -> !other.getAt().isAfter(start.getAt()))
                    .count();
            long ended = ends.stream()
                    .filter(other -> !other.getAt().isAfter(start.getAt()))
                    .count();
            most = Math.max(most, (int) (begun - ended));
        }
        return most;
    }
}

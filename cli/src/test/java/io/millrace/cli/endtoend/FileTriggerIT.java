package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TriggerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that arrive in a directory which two workers watch, of which one is killed, as is a coordinator: one run for each. */
class FileTriggerIT {
    private static final String[] CLUSTER = {"--set", "standbys=1", "--set", "partitions=4"};
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int FILES = 200;

    @TempDir
    private Path directory;

    @Test
    void eachFileStartsOneRunWhoeverIsKilled() throws IOException {
        Path in = Files.createDirectory(directory.resolve("in"));
        try (Cluster cluster = Cluster.startWith(directory, "file-trigger-it.", CLUSTER);
                AuditWatch audit = new AuditWatch(cluster.access())) {
            MillraceProcess second = cluster.coordinator("c2", CLUSTER);
            MillraceProcess worker = cluster.worker("w1");
            cluster.worker("w2");
            drop(in, 0, FILES / 4);
            cluster.apply("load", """
                    id: load
                    inputs: {path: string}
                    triggers:
                      - id: drop
                        files: {directory: "%s", pattern: "*.csv", every: 200ms, settled: 400ms}
                        filter: event.size > 0
                        inputs: {path: "${{ event.path }}"}
                    tasks: [{id: pass, wait: 1ms}]
                    """.formatted(in));

            awaitRuns(audit, FILES / 8);
            worker.kill9();
            drop(in, FILES / 4, FILES / 2);
            awaitRuns(audit, FILES * 3 / 8);
            second.kill9();
            drop(in, FILES / 2, FILES * 3 / 4);
            cluster.worker("w1");
            cluster.coordinator("c2", CLUSTER);
            drop(in, FILES * 3 / 4, FILES);
            Files.createFile(in.resolve("empty.csv"));
            Files.writeString(in.resolve("other.txt"), "x");
            Files.writeString(in.resolve("unfinished.csv.part"), "x");
            awaitRuns(audit, FILES);
            // What is changed is another file; and when its run is there, so is all that was seen before.
            Files.writeString(in.resolve("f0.csv"), "it has been replaced");
            Until.holds("all runs end", LIMIT, () -> audit.ended() >= FILES + 1);

            List<RunEvent> begun = audit.events(RunEventType.RUN_STARTED).toList();
            assertThat(begun)
                    .hasSize(FILES + 1)
                    .allSatisfy(run ->
                            assertThat(run.getTrigger().orElseThrow().getKind()).isEqualTo(TriggerKind.FILE));
            assertThat(begun)
                    .extracting(run -> run.getInputs().orElseThrow())
                    .containsOnlyOnceElementsOf(IntStream.range(1, FILES)
                            .mapToObj(i -> inputs(in, i))
                            .toList())
                    .filteredOn(inputs(in, 0)::equals)
                    .hasSize(2);
            Audited.holds(cluster.access());
        }
    }

    private static String inputs(Path in, int file) {
        return "{\"path\":\"" + in.resolve("f" + file + ".csv") + "\"}";
    }

    /** Half of them are moved in when they are whole, the others written in place, in two steps. */
    private static void drop(Path in, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            Path file = in.resolve("f" + i + ".csv");
            if (i % 2 == 0) {
                Path part = Files.writeString(in.resolve("f" + i + ".csv.part"), "row " + i);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.createFile(file);
                Files.writeString(file, "row " + i);
            }
        }
    }

    private static void awaitRuns(AuditWatch audit, int count) {
        Until.holds(
                count + " runs start",
                LIMIT,
                () -> audit.events(RunEventType.RUN_STARTED).count() >= count);
    }
}

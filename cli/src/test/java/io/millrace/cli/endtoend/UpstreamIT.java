package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains of ten pipelines, and one that waits for two of them, while coordinators are killed: each run upstream leads to one downstream. */
class UpstreamIT {
    private static final String[] CLUSTER = {"--set", "standbys=1", "--set", "partitions=4"};
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int LENGTH = 10;
    private static final int CHAINS = 40;

    @TempDir
    private Path directory;

    @Test
    void eachRunLeadsToOneDownstreamWhoeverIsKilled() throws IOException {
        try (Cluster cluster = Cluster.startWith(directory, "upstream-it.", CLUSTER);
                TriggerSender sender = new TriggerSender(cluster.access());
                AuditWatch audit = new AuditWatch(cluster.access())) {
            Map<String, MillraceProcess> coordinators = new HashMap<>();
            coordinators.put("c1", cluster.first());
            coordinators.put("c2", cluster.coordinator("c2", CLUSTER));
            cluster.apply("p0", "id: p0\ninputs: {k: integer}\ntasks: [{id: pass, wait: 1ms}]\n");
            for (int i = 1; i < LENGTH; i++) {
                cluster.apply("p" + i, follower("p" + i, "p" + (i - 1), "event.inputs.k"));
            }
            cluster.apply("both", follower("both", "{all: [p4, p9], key: event.inputs.k}", "event.runs.p9.inputs.k"));
            int all = CHAINS * (LENGTH + 1);

            for (int k = 0; k < CHAINS; k++) {
                sender.send("p0", "chain-" + k, 1, "{\"k\": " + k + "}");
            }
            for (String victim : new String[] {"c1", "c2"}) {
                long before = audit.ended();
                Until.holds("runs end", LIMIT, () -> audit.ended() >= Math.min(all, before + CHAINS));
                coordinators.get(victim).kill9();
                coordinators.put(victim, cluster.coordinator(victim, CLUSTER));
            }
            Until.holds("all chains come to their ends", LIMIT, () -> audit.ended() >= all);

            Map<String, Long> begun = audit.events(RunEventType.RUN_STARTED)
                    .collect(Collectors.groupingBy(RunEvent::getPipeline, TreeMap::new, Collectors.counting()));
            assertThat(begun)
                    .hasSize(LENGTH + 1)
                    .allSatisfy(
                            (pipeline, runs) -> assertThat(runs).as(pipeline).isEqualTo(CHAINS));
            assertThat(audit.events(RunEventType.RUN_STARTED)
                            .filter(event -> event.getPipeline().equals("both"))
                            .map(event -> event.getInputs().orElseThrow()))
                    .as("one for each chain")
                    .doesNotHaveDuplicates();
            Audited.holds(cluster.access());
        }
    }

    private static String follower(String id, String upstream, String k) {
        return """
                id: %s
                inputs: {k: integer}
                triggers:
                  - {id: after, upstream: %s, inputs: {k: "${{ %s }}"}}
                tasks: [{id: pass, wait: 1ms}]
                """.formatted(id, upstream, k);
    }
}

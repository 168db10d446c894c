package io.millrace.worker.execute;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The labels by which a worker finds the containers of its deliveries again, and people those of a run. */
public final class ContainerLabels {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerLabels.class);
    private static final String WORKER = "io.millrace.worker";
    private static final String DELIVERY = "io.millrace.delivery";
    private static final String RUN = "io.millrace.run";
    private static final String TASK = "io.millrace.task";

    private ContainerLabels() {}

    static List<String> of(ProcessMark life, String mark, DeliveryId delivery) {
        return List.of(
                "--label",
                WORKER + "=" + life.worker(),
                "--label",
                DELIVERY + "=" + mark,
                "--label",
                RUN + "=" + delivery.runId(),
                "--label",
                TASK + "=" + delivery.task());
    }

    /**
     * Removes every container of an earlier life in the same home. What belongs to another home is left alone, though the worker's id be the same: it may be
     * that of a living worker in another container, or of another cluster.
     */
    public static void removeLeftovers(ProcessMark life) throws InterruptedException {
        Optional<ContainerProgram> program = ContainerProgram.find(System.getenv());
        if (program.isEmpty()) {
            return;
        }
        Optional<String> found = program.get()
                .ask(
                        "ps",
                        "--all",
                        "--no-trunc",
                        "--filter",
                        "label=" + WORKER + "=" + life.worker(),
                        "--format",
                        "{{.ID}} {{.Label \"" + DELIVERY + "\"}}");
        for (String line : found.orElse("").lines().toList()) {
            int space = line.indexOf(' ');
            if (space > 0 && isOver(line.substring(space + 1).strip(), life)) {
                program.get().ask("rm", "-f", "-v", line.substring(0, space));
                LOG.warn("Removed a container that an earlier life of worker {} left behind", life.worker());
            }
        }
    }

    private static boolean isOver(String mark, ProcessMark life) {
        return ProcessMark.parse(mark)
                .filter(earlier -> earlier.isSucceededBy(life))
                .isPresent();
    }
}

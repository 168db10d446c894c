package io.millrace.worker.execute;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the processes that earlier lives of a worker left on this machine. */
public final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private Leftovers() {}

    /**
     * Kills every process that carries a mark of the same worker id from a life whose own process has ended; a life that still runs (another cluster's
     * worker of the same name) is left alone.
     */
    public static void end(ProcessMark life) throws InterruptedException {
        int killed = ProcessTree.marked(value -> ProcessMark.parse(value)
                        .filter(mark -> mark.worker().equals(life.worker()))
                        .filter(mark -> !mark.isAlive())
                        .isPresent())
                .kill();
        if (killed > 0) {
            LOG.warn("Ended {} processes that an earlier life of worker {} left behind", killed, life.worker());
        }
    }
}

package io.millrace.worker.execute;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the processes that earlier lives of a worker left on this machine. */
public final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private Leftovers() {}

    /**
     * Kills every process that carries the mark of an earlier life in the same home; what belongs to another home (another cluster's worker of the same
     * name, or one in a container) is left alone.
     */
    public static void end(ProcessMark life) throws InterruptedException {
        int killed = ProcessTree.marked(marks -> marks.areOfALifeBefore(life)).kill();
        if (killed > 0) {
            LOG.warn("Ended {} processes that an earlier life of worker {} left behind", killed, life.worker());
        }
    }
}

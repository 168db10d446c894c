package io.millrace.worker.execute;

import java.util.Optional;

/**
 * What is looked at while a script runs: how far it says it is, and whether it keeps within its limits of memory and disk.
 *
 * <p><b>Threading:</b> confined to the thread that executes the script.
 */
final class ScriptWatch {
    private final String mark;
    private final ProgressFile progress;
    private final Optional<MemoryLimit> memory;
    private final Optional<DiskLimit> disk;
    private Optional<String> excess = Optional.empty();

    ScriptWatch(String mark, ProgressFile progress, Optional<MemoryLimit> memory, Optional<DiskLimit> disk) {
        this.mark = mark;
        this.progress = progress;
        this.memory = memory;
        this.disk = disk;
    }

    /** Looks; true when a limit is exceeded, and the script has to be ended. */
    boolean look() {
        progress.look(false);
        if (excess.isEmpty()) {
            excess = memory.flatMap(limit -> limit.excess(mark)).or(() -> disk.flatMap(DiskLimit::excess));
        }
        return excess.isPresent();
    }

    /** Looks a last time, now that nothing of the script runs any more. */
    void lookLast() {
        progress.look(true);
    }

    /** Which limit was exceeded, in a sentence. */
    Optional<String> excess() {
        return excess;
    }
}

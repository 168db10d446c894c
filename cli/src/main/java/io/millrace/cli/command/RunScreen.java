package io.millrace.cli.command;

import io.millrace.cli.client.LogEntry;
import io.millrace.cli.client.RunView;
import java.util.List;
import java.util.Optional;

/** Where a run that goes on is shown. Used by one thread. */
interface RunScreen {
    /**
     * Shows lines that tasks wrote since the last call, and the state of the run as it is now.
     *
     * @param waitsFor what it waits for, in a sentence, when nothing has happened for a while
     */
    void show(RunView run, List<LogEntry> lines, Optional<String> waitsFor);

    /** The run has ended, or nobody wants to see more: what was only for the meantime goes away. */
    void end();
}

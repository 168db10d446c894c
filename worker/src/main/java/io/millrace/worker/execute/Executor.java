package io.millrace.worker.execute;

import java.io.IOException;

/** Executes the tasks of one kind. */
interface Executor {
    /**
     * Executes a delivery in its workspace, whose files are laid out, until it ends, its time is up or it is asked to stop.
     *
     * @throws UnexecutableException when the task cannot be executed as it is written
     * @throws IOException when this machine fails; another attempt may help
     */
    Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, IOException, InterruptedException;
}

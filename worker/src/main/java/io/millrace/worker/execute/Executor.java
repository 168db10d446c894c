package io.millrace.worker.execute;

import io.millrace.worker.secret.SecretException;
import java.io.IOException;

/** Executes the tasks of one kind. */
interface Executor {
    /**
     * Executes a delivery in its workspace, whose files are laid out, until it ends, its time is up or it is asked to stop.
     *
     * @throws UnexecutableException when the task cannot be executed as it is written
     * @throws SecretException when a secret that it names cannot be had
     * @throws IOException when this machine fails; another attempt may help
     */
    Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, SecretException, IOException, InterruptedException;
}

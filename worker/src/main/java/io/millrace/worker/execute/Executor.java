package io.millrace.worker.execute;

import io.millrace.schemas.secret.SecretException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Executes the tasks of one kind. */
@FunctionalInterface
interface Executor {
    /**
     * Executes a delivery in its workspace, whose files are laid out, until it ends, its time is up or it is asked to stop. What keeps the calling thread
     * beyond that is left behind: another thread tells what came of the delivery.
     *
     * @param left is told when it is left behind, once
     * @return what came of it; empty when that was told already
     * @throws UnexecutableException when the task cannot be executed as it is written
     * @throws SecretException when a secret that it names cannot be had
     * @throws IOException when this machine fails; another attempt may help
     */
    Optional<Execution> execute(
            Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop, Consumer<Execution> left)
            throws UnexecutableException, SecretException, IOException, InterruptedException;
}

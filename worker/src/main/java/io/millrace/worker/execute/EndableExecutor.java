package io.millrace.worker.execute;

import io.millrace.schemas.secret.SecretException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** An executor that can end whatever it has begun, so that nothing is ever left behind. */
interface EndableExecutor extends Executor {
    @Override
    default Optional<Execution> execute(
            Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop, Consumer<Execution> left)
            throws UnexecutableException, SecretException, IOException, InterruptedException {
        return Optional.of(execute(delivery, workspace, output, stop));
    }

    /** Executes a delivery until it has ended, or was ended. */
    Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, SecretException, IOException, InterruptedException;
}

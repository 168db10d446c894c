package io.millrace.worker.execute;

import java.io.IOException;
import java.util.List;

/** Knows the files that a pipeline's version came with. */
@FunctionalInterface
public interface FileSource {
    /**
     * Returns every file that the delivery names, in its order; may wait for the pipeline's definition to arrive.
     *
     * @throws UnexecutableException when the version or one of the files does not exist, and never will
     * @throws IOException when the definition cannot be read now
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    List<TaskFile> filesOf(Delivery delivery) throws UnexecutableException, IOException, InterruptedException;
}

package io.millrace.worker.execute;

import io.millrace.worker.execute.ProcessRunner.Command;
import java.io.IOException;

/**
 * How a process is begun: in a session of its own, in the workspace, with the command's words and environment and no other, nothing on standard input, and
 * its output in the workspace's named pipes, which are there and have their readers.
 *
 * <p><b>Threading:</b> any number of threads begin a process each.
 */
interface Starter {
    /**
     * Begins a process.
     *
     * @throws IOException when it could not be begun; nothing of it runs then
     * @throws IllegalArgumentException when a word or a variable holds what the system does not take
     */
    Begun begin(Command command, Workspace workspace) throws IOException, InterruptedException;
}

package io.millrace.worker.execute;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A script that was begun.
 *
 * @param process its first process; empty when that had ended before anybody could look
 * @param code its exit code once it has ended, 128 plus the signal's number when a signal ended it; fails with an {@link java.io.IOException} when
 *     nobody can tell any more
 */
record Begun(Optional<ProcessHandle> process, CompletableFuture<Integer> code) {
    static Begun of(Process process) {
        return new Begun(Optional.of(process.toHandle()), process.onExit().thenApply(Process::exitValue));
    }
}

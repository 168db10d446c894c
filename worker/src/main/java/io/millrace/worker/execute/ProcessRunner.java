package io.millrace.worker.execute;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs one process to its end, its time limit or a request to stop, and leaves nothing of it behind: neither a process that it started, in whatever
 * session, nor a line that it wrote before its end.
 *
 * <p><b>Threading:</b> stateless; the calling thread waits for the process.
 */
final class ProcessRunner {
    /**
     * What a process behind the first one ({@code tee}) gets to write what it has and to end. Only a task that leaves processes running waits for
     * so long; on a machine without breath a filter needs more than the blink that it takes otherwise.
     */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** How often the limits of a running process are looked at. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** What reading what remains in the pipes may take when something unmarked holds them open. */
    private static final Duration READING = Duration.ofSeconds(1);

    private static final int NO_CODE = -1;

    /** Why a process has ended. */
    enum Ending {
        EXITED,
        TIMED_OUT,
        /** It exceeded a limit, and was killed for it; the watch says which. */
        LIMITED,
        STOPPED
    }

    /** How a process has ended; the code is 128 plus the signal's number when a signal ended it, and means nothing unless it has exited. */
    record End(Ending ending, int code) {}

    /** What is to be run: the program with its arguments, its whole environment, its mark, its time limit and what is watched. */
    record Command(
            List<String> words,
            Map<String, String> environment,
            String mark,
            Optional<Duration> timeout,
            ScriptWatch watch) {}

    private final Duration killGrace;
    private final PipeStock stock;

    ProcessRunner(Duration killGrace, PipeStock stock) {
        this.killGrace = killGrace;
        this.stock = stock;
    }

    /**
     * Runs a process in the workspace.
     *
     * @throws IOException when it could not be started, or when nobody can tell how it has ended
     * @throws IllegalArgumentException when a word or a variable holds what the system does not take
     */
    End run(Command command, Starter starter, Workspace workspace, TaskOutput output, StopSignal stop)
            throws IOException, InterruptedException {
        OutputPipes pipes = OutputPipes.open(stock, workspace, output);
        try {
            Begun begun = starter.begin(command, workspace);
            ProcessTree tree = ProcessTree.of(begun, command.mark());
            try {
                Ending ending = await(begun, command, stop);
                if (ending == Ending.EXITED) {
                    int killed = tree.killAfter(LINGER);
                    if (killed > 0) {
                        output.system("Ended " + killed + " process" + (killed == 1 ? "" : "es")
                                + " that the task had left running.");
                    }
                } else {
                    output.system(sentence(ending, command, stop));
                    if (ending == Ending.LIMITED) {
                        // At once: what is short would be taken all the while.
                        tree.kill();
                    } else {
                        tree.terminate(killGrace);
                    }
                }
                command.watch().lookLast();
                return new End(ending, ending == Ending.EXITED ? begun.code().join() : NO_CODE);
            } catch (InterruptedException e) {
                begun.process().ifPresent(ProcessHandle::destroyForcibly);
                throw e;
            } catch (IOException | RuntimeException | Error e) {
                // Nobody watches it any more.
                tree.kill();
                throw e;
            }
        } finally {
            pipes.finish(READING);
        }
    }

    private static Ending await(Begun begun, Command command, StopSignal stop)
            throws IOException, InterruptedException {
        CompletableFuture<Ending> exited = begun.code().thenApply(code -> Ending.EXITED);
        CompletableFuture<Ending> stopped = stop.whenRequested().thenApply(request -> Ending.STOPPED);
        CompletableFuture<Object> first = CompletableFuture.anyOf(exited, stopped);
        long limit = TimeLimit.nanos(command.timeout());
        long start = System.nanoTime();
        while (true) {
            long left = limit - (System.nanoTime() - start);
            try {
                return (Ending) first.get(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException notYet) {
                if (left <= LOOK.toNanos()) {
                    return Ending.TIMED_OUT;
                }
                if (command.watch().look()) {
                    return Ending.LIMITED;
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException unknown) {
                    throw unknown;
                }
                throw new IllegalStateException("Waiting for a process failed", e);
            }
        }
    }

    private static String sentence(Ending ending, Command command, StopSignal stop) {
        return switch (ending) {
            case TIMED_OUT -> TimeLimit.sentence(command.timeout());
            case LIMITED -> command.watch().excess().orElse("A limit was exceeded.");
            default -> stop.requested().map(StopSignal.Request::text).orElse("Stopped.");
        };
    }
}

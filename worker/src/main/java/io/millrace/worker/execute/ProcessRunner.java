package io.millrace.worker.execute;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Why a process has ended. */
    enum Ending {
        EXITED,
        TIMED_OUT,
        /** It exceeded a limit, and was killed for it; the watch says which. */
        LIMITED,
        STOPPED
    }

    /** How a process has ended; the code is 128 plus the signal's number when a signal ended it. */
    record End(Ending ending, int code) {}

    /** What is to be run: the program with its arguments, its whole environment, its mark, its time limit and what is watched. */
    record Command(
            List<String> words,
            Map<String, String> environment,
            String mark,
            Optional<Duration> timeout,
            ScriptWatch watch) {}

    private final Duration killGrace;

    ProcessRunner(Duration killGrace) {
        this.killGrace = killGrace;
    }

    /**
     * Runs a process in the workspace.
     *
     * @throws IOException when it could not be started
     * @throws IllegalArgumentException when a word or a variable holds what the system does not take
     */
    End run(Command command, Workspace workspace, TaskOutput output, StopSignal stop)
            throws IOException, InterruptedException {
        OutputPipes pipes = OutputPipes.open(workspace, output);
        try {
            Process process = start(command, workspace);
            ProcessTree tree = ProcessTree.of(process.toHandle(), command.mark());
            try {
                Ending ending = await(process, command, stop);
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
                return new End(ending, process.waitFor());
            } catch (InterruptedException e) {
                process.destroyForcibly();
                throw e;
            } catch (RuntimeException | Error e) {
                // A mistake of ours: nobody watches it any more.
                tree.kill();
                throw e;
            }
        } finally {
            pipes.finish(READING);
        }
    }

    private static Process start(Command command, Workspace workspace) throws IOException {
        List<String> words = new ArrayList<>();
        // A session of its own: what a terminal sends to the worker's process group (Ctrl-C) is the worker's to handle.
        Programs.of(System.getenv()).find("setsid").ifPresent(words::add);
        words.addAll(command.words());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(workspace.work().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(workspace.stdout().toFile())
                .redirectError(workspace.stderr().toFile());
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        return builder.start();
    }

    private static Ending await(Process process, Command command, StopSignal stop) throws InterruptedException {
        CompletableFuture<Ending> exited = process.onExit().thenApply(ended -> Ending.EXITED);
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
            } catch (ExecutionException impossible) {
                throw new IllegalStateException("Waiting for a process failed", impossible);
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

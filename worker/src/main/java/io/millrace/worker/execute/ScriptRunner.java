package io.millrace.worker.execute;

import io.millrace.worker.execute.OutputDocument.InvalidOutputException;
import io.millrace.worker.execute.ProcessRunner.Command;
import io.millrace.worker.execute.ProcessRunner.End;
import io.millrace.worker.execute.ProcessRunner.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The protocol between the worker and a script of any language: inputs in a file, output in a file, the rest in the environment; exit code 0 is success.
 *
 * <p><b>Threading:</b> any number of threads run a script each.
 */
final class ScriptRunner {
    /** Linux takes at most 128 KiB in one argument; longer code is run from a file. */
    private static final int LONGEST_ARGUMENT = 100_000;

    private final ExecutionSettings settings;
    private final ProcessMemory memory = new ProcessMemory();
    private final ProcessRunner processes;
    private final Map<String, String> environment;
    private final AtomicLong deliveries = new AtomicLong();

    ScriptRunner(ExecutionSettings settings, ProcessRunner processes, Map<String, String> environment) {
        this.settings = settings;
        this.processes = processes;
        this.environment = Map.copyOf(environment);
    }

    /** The absolute path of an interpreter as this task sees the machine. */
    Optional<String> interpreter(String name, Delivery delivery) {
        String path = delivery.env().get("PATH");
        return Programs.of(path == null ? environment : Map.of("PATH", path)).find(name);
    }

    /** The code as the argument behind {@code -c}, or as a file in the working directory when it is too long for that. */
    List<String> code(String text, Workspace workspace) throws IOException {
        if (text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ARGUMENT) {
            return List.of("-c", text);
        }
        Path file = workspace.work().resolve(".millrace_code");
        Files.writeString(file, text);
        return List.of(file.toString());
    }

    Execution run(
            List<String> words,
            Starter starter,
            Delivery delivery,
            Workspace workspace,
            TaskOutput output,
            StopSignal stop)
            throws UnexecutableException, IOException, InterruptedException {
        String mark = mark();
        Map<String, String> variables = ScriptEnvironment.of(environment, delivery, workspace, mark);
        Launch launch = new Launch(words, starter, variables, mark, memoryLimit(delivery, output));
        return run(launch, delivery, workspace, output, stop);
    }

    /** The value of {@link ProcessMark#VARIABLE}, which no other delivery has. */
    String mark() {
        return settings.life().prefix() + deliveries.incrementAndGet();
    }

    /**
     * How a script is begun.
     *
     * @param words the program with its arguments
     * @param starter what begins it
     * @param variables its whole environment
     * @param mark what its processes are found by
     * @param memory what they may take together; empty where somebody else sees to it
     */
    record Launch(
            List<String> words,
            Starter starter,
            Map<String, String> variables,
            String mark,
            Optional<MemoryLimit> memory) {}

    Execution run(Launch launch, Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, IOException, InterruptedException {
        workspace.writeInputs(delivery.inputs());
        if (delivery.checkpoint().isPresent()) {
            workspace.writeCheckpoint(delivery.checkpoint().get());
        }
        ScriptWatch watch = new ScriptWatch(
                launch.mark(),
                new ProgressFile(workspace.progress(), output.progress()),
                launch.memory(),
                settings.diskLimitBytes().map(bytes -> new DiskLimit(bytes, workspace.directory())));
        End end;
        try {
            end = processes.run(
                    new Command(launch.words(), launch.variables(), launch.mark(), delivery.timeout(), watch),
                    launch.starter(),
                    workspace,
                    output,
                    stop);
        } catch (IllegalArgumentException e) {
            throw new UnexecutableException(output.secrets()
                    .mask()
                    .of("The task's command or environment cannot be given to a process: " + e.getMessage()));
        }
        Outcome outcome = end.ending() == Ending.LIMITED
                ? exceeded(watch, output)
                : outcome(end, delivery, workspace, output, stop);
        return new Execution(outcome, output.isTruncated(), CompletableFuture.completedFuture(null));
    }

    private Optional<MemoryLimit> memoryLimit(Delivery delivery, TaskOutput output) {
        Optional<MemoryLimit> limit = delivery.memoryBytes()
                .map(bytes -> new MemoryLimit(bytes, "memory of the task", memory))
                .or(() ->
                        settings.memoryLimitBytes().map(bytes -> new MemoryLimit(bytes, "worker.task.memory", memory)));
        if (limit.isPresent() && !ProcessMemory.isVisible()) {
            output.system("The limit of " + ByteSize.words(limit.get().bytes())
                    + " of memory cannot be held on this machine: it has no /proc.");
            return Optional.empty();
        }
        return limit;
    }

    private static Outcome exceeded(ScriptWatch watch, TaskOutput output) {
        return new Outcome.Failed(Failure.limit(watch.excess().orElseThrow() + " All of it was killed.")
                .withStderrTail(output.stderrTail()));
    }

    private static Outcome outcome(End end, Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws IOException {
        if (end.ending() == Ending.STOPPED) {
            return new Outcome.Stopped(stop.requested().orElseThrow());
        }
        Failure failure;
        if (end.ending() == Ending.TIMED_OUT) {
            failure = Failure.timeout(
                    TimeLimit.sentence(delivery.timeout()) + " The script and all that it started were ended.");
        } else if (end.code() != 0) {
            failure = Failure.exit(end.code());
        } else {
            try {
                return new Outcome.Succeeded(OutputDocument.read(
                        workspace.output(), output.secrets().mask().isEmpty()));
            } catch (InvalidOutputException e) {
                failure = Failure.invalidOutput(e.sentence());
            }
        }
        return new Outcome.Failed(failure.withStderrTail(output.stderrTail()));
    }
}

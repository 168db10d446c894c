package io.millrace.worker.execute;

import io.millrace.event.FailureKind;
import io.millrace.worker.execute.ScriptRunner.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Executes {@code container} tasks: {@code {"image": …, "command": […], "pull": …, "network": …}}, by docker or podman. The attempt's directory is
 * mounted at the path that it has on the machine, so that the protocol is the scripts'; whatever ends the attempt, its container is gone
 * afterwards.
 */
final class ContainerExecutor implements EndableExecutor {
    private static final String INIT_FAILED = "[FATAL tini";

    private final ScriptRunner scripts;
    private final Map<String, String> environment;
    private final ExecutionSettings settings;

    /** @param environment what the program itself finds */
    ContainerExecutor(ScriptRunner scripts, Map<String, String> environment, ExecutionSettings settings) {
        this.scripts = scripts;
        this.environment = Map.copyOf(environment);
        this.settings = settings;
    }

    @Override
    public Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, IOException, InterruptedException {
        ContainerProgram program = ContainerProgram.find(environment)
                .orElseThrow(() -> new UnexecutableException("There is neither docker nor podman on this worker;"
                        + " give tasks with containers a queue whose workers have one."));
        String name = "millrace-" + UUID.randomUUID();
        String mark = scripts.mark();
        Optional<Long> memory = delivery.memoryBytes().or(settings::memoryLimitBytes);
        ContainerVariables variables = ContainerVariables.write(variables(delivery, workspace, mark), workspace);
        List<String> words = new ArrayList<>(List.of("run", "--name", name));
        words.addAll(ContainerLabels.of(settings.life(), mark, delivery.id()));
        words.addAll(confinement(program, workspace, memory));
        words.addAll(List.of("--env-file", variables.file().toString()));
        variables.passed().keySet().forEach(variable -> words.addAll(List.of("--env", variable)));
        words.addAll(asked(Action.of(delivery)));
        Map<String, String> own = new HashMap<>(environment);
        own.keySet().removeIf(variable -> variable.startsWith("MILLRACE_"));
        own.putAll(variables.passed());
        own.put(ProcessMark.VARIABLE, mark);
        try {
            Execution execution = scripts.run(
                    new Launch(program.words(words), new FreshStart(Optional.empty()), own, mark, Optional.empty()),
                    delivery,
                    workspace,
                    output,
                    stop);
            return explained(execution, program, name, memory, output);
        } finally {
            program.ask("rm", "-f", "-v", name);
        }
    }

    /** Not the mark: processes in a container are ended with it, and never one by one. */
    private static Map<String, String> variables(Delivery delivery, Workspace workspace, String mark) {
        Map<String, String> variables = ScriptEnvironment.of(Map.of(), delivery, workspace, mark);
        variables.remove(ProcessMark.VARIABLE);
        return variables;
    }

    private static List<String> confinement(ContainerProgram program, Workspace workspace, Optional<Long> memory)
            throws IOException {
        String directory = workspace.directory().toString();
        List<String> words = new ArrayList<>(List.of(
                "--volume",
                directory + ":" + directory,
                "--workdir",
                workspace.work().toString(),
                "--user",
                Files.getAttribute(workspace.work(), "unix:uid") + ":"
                        + Files.getAttribute(workspace.work(), "unix:gid"),
                "--cap-drop",
                "ALL",
                "--security-opt",
                "no-new-privileges"));
        if (program.isDocker()) {
            words.add("--init"); // So that SIGTERM ends also what does not listen to it.
        } else {
            words.add("--userns=keep-id");
        }
        memory.ifPresent(bytes -> words.addAll(List.of("--memory", bytes + "b", "--memory-swap", bytes + "b")));
        return words;
    }

    private static List<String> asked(Action action) throws UnexecutableException {
        String image = action.required("image");
        if (image.startsWith("-")) {
            throw new UnexecutableException("'" + image + "' is no image.");
        }
        List<String> words = new ArrayList<>();
        words.add("--pull=" + action.text("pull").orElse("missing"));
        action.text("network").ifPresent(network -> words.add("--network=" + network));
        words.add(image);
        words.addAll(action.texts("command"));
        return words;
    }

    /** An exit code of the program may be that of the container, or say that there was none. */
    private static Execution explained(
            Execution execution, ContainerProgram program, String name, Optional<Long> memory, TaskOutput output)
            throws InterruptedException {
        if (!(execution.outcome() instanceof Outcome.Failed failed)
                || (failed.failure().kind() != FailureKind.EXIT
                        && failed.failure().kind() != FailureKind.SIGNAL)) {
            return execution;
        }
        Optional<String> state = program.ask("inspect", "--format", "{{.State.OOMKilled}} {{.State.StartedAt}}", name);
        Failure failure = failed.failure();
        // With --init the container has begun before its init finds that there is no such command.
        if (state.isEmpty()
                || state.get().contains(" 0001-01-01")
                || lastLine(output).startsWith(INIT_FAILED)) {
            failure = Failure.error("The container could not be started: " + lastLine(output))
                    .withStderrTail(output.stderrTail());
        } else if (state.get().startsWith("true")) {
            failure = Failure.limit("The container took more memory than "
                            + memory.map(ByteSize::words).orElse("there is") + ", and was killed.")
                    .withStderrTail(output.stderrTail());
        }
        return execution.with(new Outcome.Failed(failure));
    }

    private static String lastLine(TaskOutput output) {
        List<String> tail = output.stderrTail();
        return tail.stream()
                .filter(line -> !line.isBlank() && !line.contains("--help'"))
                .reduce((first, second) -> second)
                .orElse("the program does not say why");
    }
}

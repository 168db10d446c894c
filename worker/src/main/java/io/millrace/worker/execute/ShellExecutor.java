package io.millrace.worker.execute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Executes {@code shell} tasks: {@code {"command": …}} or {@code {"file": …, "args": […]}}, by {@code bash -euo pipefail} where the machine has bash
 * and by {@code sh -eu} where not, so that a command that fails ends the script.
 */
final class ShellExecutor implements EndableExecutor {
    private final ScriptRunner scripts;
    private final Starter starter;

    ShellExecutor(ScriptRunner scripts, Starter starter) {
        this.scripts = scripts;
        this.starter = starter;
    }

    @Override
    public Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, IOException, InterruptedException {
        Action action = Action.of(delivery);
        List<String> words = new ArrayList<>(shell(delivery));
        Optional<String> command = action.text("command");
        if (command.isPresent()) {
            words.addAll(scripts.code(command.get(), workspace));
        } else {
            words.add(workspace.inside(action.required("file")).toString());
            words.addAll(action.texts("args"));
        }
        return scripts.run(words, starter, delivery, workspace, output, stop);
    }

    private List<String> shell(Delivery delivery) throws IOException {
        Optional<String> bash = scripts.interpreter("bash", delivery);
        if (bash.isPresent()) {
            return List.of(bash.get(), "-euo", "pipefail");
        }
        return List.of(
                scripts.interpreter("sh", delivery)
                        .orElseThrow(() -> new IOException("There is neither 'bash' nor 'sh' on this worker.")),
                "-eu");
    }
}

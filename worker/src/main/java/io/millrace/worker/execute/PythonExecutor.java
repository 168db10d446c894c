package io.millrace.worker.execute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Executes {@code python} tasks: {@code {"code": …}} or {@code {"file": …, "args": […]}}, as {@code python3 -u} does, so that lines are seen as they are
 * printed. Modules beside the file are found; the working directory is on the module path for code, too.
 */
final class PythonExecutor implements EndableExecutor {
    private final ScriptRunner scripts;
    private final Starter starter;

    PythonExecutor(ScriptRunner scripts, Starter starter) {
        this.scripts = scripts;
        this.starter = starter;
    }

    @Override
    public Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, IOException, InterruptedException {
        Action action = Action.of(delivery);
        List<String> words = new ArrayList<>();
        words.add(scripts.interpreter("python3", delivery)
                .orElseThrow(() -> new IOException("There is no 'python3' on this worker.")));
        words.add("-u");
        Optional<String> code = action.text("code");
        if (code.isPresent()) {
            words.addAll(scripts.code(code.get(), workspace));
        } else {
            words.add(workspace.inside(action.required("file")).toString());
        }
        words.addAll(action.texts("args"));
        return scripts.run(words, starter, delivery, workspace, output, stop);
    }
}

package io.millrace.worker.execute;

import io.millrace.worker.execute.ProcessRunner.Command;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Begins programs as any process is begun, marked by a limit where there is one to mark them by. */
final class FreshStart implements Starter {
    private final Optional<LimitMark> limits;

    FreshStart(Optional<LimitMark> limits) {
        this.limits = limits;
    }

    @Override
    public Begun begin(Command command, Workspace workspace) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        // A session of its own: what a terminal sends to the worker's process group (Ctrl-C) is the worker's to handle.
        Programs.of(System.getenv()).find("setsid").ifPresent(words::add);
        if (limits.isPresent()) {
            words.addAll(limits.get().words(command.mark()));
        }
        words.addAll(command.words());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(workspace.work().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(workspace.stdout().toFile())
                .redirectError(workspace.stderr().toFile());
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        return Begun.of(builder.start());
    }
}

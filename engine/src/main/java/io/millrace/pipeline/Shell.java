package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commands for a shell: either written in the pipeline, or a script among its files.
 *
 * @param command the commands; absent where there is a file
 * @param file the path of the script; absent where there are commands
 * @param args the arguments of the script; empty where there are commands
 */
public record Shell(Optional<String> command, Optional<String> file, List<String> args) implements Action {
    public Shell {
        args = List.copyOf(args);
        if (command.isPresent() == file.isPresent()) {
            throw new IllegalArgumentException("either a command or a file");
        }
    }

    @Override
    public String kind() {
        return "shell";
    }

    /** Either {@code {"command":"…"}} or {@code {"args":["…"],"file":"…"}}. */
    @Override
    public Template document() {
        return command.isPresent()
                ? Template.constant(Map.of("command", command.get()))
                : Template.constant(Map.of("file", file.orElseThrow(), "args", args));
    }
}

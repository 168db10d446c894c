package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Python 3 program: either written in the pipeline, or a script among its files.
 *
 * @param code the program; absent where there is a file
 * @param file the path of the script; absent where there is code
 * @param args the arguments of the script; empty where there is code
 */
public record Python(Optional<String> code, Optional<String> file, List<String> args) implements Action {
    public Python {
        args = List.copyOf(args);
        if (code.isPresent() == file.isPresent()) {
            throw new IllegalArgumentException("either code or a file");
        }
    }

    @Override
    public String kind() {
        return "python";
    }

    /** Either {@code {"code":"…"}} or {@code {"args":["…"],"file":"…"}}. */
    @Override
    public Template document() {
        return code.isPresent()
                ? Template.constant(Map.of("code", code.get()))
                : Template.constant(Map.of("file", file.orElseThrow(), "args", args));
    }
}

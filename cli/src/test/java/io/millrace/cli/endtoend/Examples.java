package io.millrace.cli.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;

/** The examples of the documentation, as they lie in the checkout. */
final class Examples {
    private Examples() {}

    static Path file(String name) {
        Path file = Path.of("..", "docs", "examples").resolve(name);
        if (!Files.exists(file)) {
            throw new AssertionError("there is no example " + file.toAbsolutePath());
        }
        return file;
    }
}

package io.millrace.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Gives a process a wall clock that is fast or slow. Needs Linux and a C compiler. */
final class WrongClock {
    private static final Path SOURCE = Path.of("src", "test", "native", "wrong_clock.c");

    private final Path library;

    private WrongClock(Path library) {
        this.library = library;
    }

    /** Builds it into this directory; empty where that is not possible. */
    static Optional<WrongClock> build(Path directory) {
        Path library = directory.resolve("wrong_clock.so").toAbsolutePath();
        try {
            Process compiler = new ProcessBuilder(
                            "cc",
                            "-shared",
                            "-fPIC",
                            "-O1",
                            "-Wall",
                            "-o",
                            library.toString(),
                            SOURCE.toString(),
                            "-ldl")
                    .inheritIO()
                    .start();
            boolean built = compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0;
            return built && Files.exists(library) ? Optional.of(new WrongClock(library)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What comes before a command whose clock is to be ahead by so much, or behind. */
    List<String> prefix(Duration ahead) {
        return List.of("env", "LD_PRELOAD=" + library, "WRONG_CLOCK_SECONDS=" + ahead.toSeconds());
    }
}

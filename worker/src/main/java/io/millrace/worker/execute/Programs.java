package io.millrace.worker.execute;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds programs by name as a shell would, on the search path of an environment. */
final class Programs {
    private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

    private final String searchPath;

    private Programs(String searchPath) {
        this.searchPath = searchPath;
    }

    static Programs of(Map<String, String> environment) {
        return new Programs(environment.getOrDefault("PATH", USUAL_PATH));
    }

    /** The absolute path of a program, or nothing when this machine does not have it. */
    Optional<String> find(String name) {
        for (String directory : searchPath.split(File.pathSeparator, -1)) {
            try {
                Path candidate = Path.of(directory, name);
                if (candidate.isAbsolute() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                    return Optional.of(candidate.toString());
                }
            } catch (InvalidPathException notADirectory) {
                continue;
            }
        }
        return Optional.empty();
    }
}

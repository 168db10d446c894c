package io.millrace.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a path of a pipeline's file may look like: relative to the YAML file, and never out of its directory. */
final class FilePaths {
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

    private FilePaths() {}

    /** What is wrong with a path, if something is. */
    static Optional<String> fault(String path) {
        if (path.isEmpty()) {
            return Optional.of("a path is empty");
        }
        if (path.length() > PipelineLimits.PATH_LENGTH) {
            return Optional.of("a path is longer than " + PipelineLimits.PATH_LENGTH + " characters");
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("a path holds a control character");
        }
        if (path.contains("\\")) {
            return Optional.of("the path \"" + path + "\" holds a backslash; separate directories by /");
        }
        if (path.startsWith("/") || path.startsWith("~") || DRIVE.matcher(path).matches()) {
            return Optional.of("the path \"" + path + "\" is not relative to the pipeline's file");
        }
        List<String> names = List.of(path.split("/", -1));
        if (names.contains("..")) {
            return Optional.of("the path \"" + path + "\" leads out of the directory of the pipeline's file");
        }
        if (names.contains(".") || names.contains("")) {
            return Optional.of("the path \"" + path + "\" has an empty or needless part");
        }
        return Optional.empty();
    }
}

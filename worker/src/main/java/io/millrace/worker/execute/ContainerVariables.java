package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the variables of a task get into its container without standing on a command line, where every user of the machine could read them: in a file of the
 * attempt's, and those that do not fit on one line of it through the program's own environment.
 *
 * @param file the file, for {@code --env-file}
 * @param passed those that the program takes from its own environment, for {@code --env NAME}
 */
record ContainerVariables(Path file, Map<String, String> passed) {
    /** Programs read lines of up to 64 KiB. */
    private static final int LONGEST_LINE = 32_000;

    /** What the program itself heeds, and a task must not set for it. */
    private static final Set<String> OF_THE_PROGRAM = Set.of("PATH", "HOME");

    static ContainerVariables write(Map<String, String> variables, Workspace workspace)
            throws IOException, UnexecutableException {
        StringBuilder lines = new StringBuilder();
        Map<String, String> passed = new HashMap<>();
        for (Map.Entry<String, String> each : new TreeMap<>(variables).entrySet()) {
            String name = each.getKey();
            String value = each.getValue();
            if (value.indexOf('\n') < 0 && value.indexOf('\r') < 0 && value.length() <= LONGEST_LINE) {
                lines.append(name).append('=').append(value).append('\n');
            } else if (OF_THE_PROGRAM.contains(name) || name.startsWith("DOCKER_") || name.startsWith("CONTAINER")) {
                throw new UnexecutableException("The variable " + name + " of a container must be a single line.");
            } else {
                passed.put(name, value);
            }
        }
        Path file = workspace.directory().resolve("variables");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, lines, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
        return new ContainerVariables(file, passed);
    }
}

package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a process is marked with; either is enough.
 *
 * @param variable the value of {@code MILLRACE_DELIVERY} in the environment with which it was begun
 * @param limit see {@link LimitMark}
 */
record ProcessMarks(Optional<String> variable, OptionalLong limit) {
    private static final String ASSIGNMENT = "\0" + ProcessMark.VARIABLE + "=";

    /** The marks of a process, by its directory in /proc; none when it has ended. */
    static ProcessMarks of(Path process) {
        return new ProcessMarks(variableOf(process), LimitMark.read(process));
    }

    boolean areOf(String delivery) {
        return variable.filter(delivery::equals).isPresent()
                || (limit.isPresent() && limit.equals(LimitMark.of(delivery)));
    }

    boolean areOf(ProcessMark life) {
        return variable.filter(value -> value.startsWith(life.prefix())).isPresent()
                || (limit.isPresent() && LimitMark.isOf(limit.getAsLong(), life));
    }

    /** Only the variable tells: of an earlier life's limit nothing is known any more. */
    boolean areOfALifeBefore(ProcessMark life) {
        return variable.flatMap(ProcessMark::parse)
                .filter(mark -> mark.isSucceededBy(life))
                .isPresent();
    }

    private static Optional<String> variableOf(Path process) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(process.resolve("environ"));
        } catch (IOException goneOrForeign) {
            // Ended between listing and reading, or another user's.
            return Optional.empty();
        }
        String environment = "\0" + new String(bytes, StandardCharsets.ISO_8859_1);
        int start = environment.indexOf(ASSIGNMENT);
        if (start < 0) {
            return Optional.empty();
        }
        int end = environment.indexOf('\0', start + 1);
        return Optional.of(environment.substring(start + ASSIGNMENT.length(), end < 0 ? environment.length() : end));
    }
}

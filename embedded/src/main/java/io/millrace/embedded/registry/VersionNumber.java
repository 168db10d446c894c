package io.millrace.embedded.registry;

import java.util.List;
import java.util.Optional;

/**
 * A version as a request names it.
 *
 * @param number from 1, or -1 for the latest
 */
record VersionNumber(int number) {
    /** Takes {@code latest}, {@code -1} and positive numbers. */
    static VersionNumber parse(String text) {
        if (text.equals("latest") || text.equals("-1")) {
            return new VersionNumber(-1);
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && !text.startsWith("+")) {
                return new VersionNumber(number);
            }
        } catch (NumberFormatException e) {
            // Answered below, like every other text that is no version.
        }
        throw RegistryProblem.invalidVersion(text);
    }

    boolean isLatest() {
        return number == -1;
    }

    /** Finds it among ascending versions. */
    Optional<SchemaVersion> in(List<SchemaVersion> versions) {
        if (isLatest()) {
            return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
        }
        return versions.stream().filter(version -> version.version() == number).findFirst();
    }
}

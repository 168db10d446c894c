package io.millrace.cli.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Who asks: told to the platform, which keeps it in the audit log. */
final class ByOption {
    private static final int MOST = 200;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who asks, for the audit log; default: the user's name on this machine.")
    private Optional<String> by = Optional.empty();

    /** The name; empty where there is none. */
    Optional<String> name() {
        return by.or(ByOption::user);
    }

    /** In a container, the user of a process may have no name. */
    private static Optional<String> user() {
        return Optional.ofNullable(System.getProperty("user.name"))
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !name.equals("?"))
                .map(name -> name.substring(0, Math.min(MOST, name.length())));
    }
}

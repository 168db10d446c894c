package io.millrace.cli.command;

import java.util.Objects;

/** Which Millrace this is. */
final class Version {
    private Version() {}

    /** The version of the jar; "development" when the classes are not from one. */
    static String number() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }

    static String line() {
        return "millrace " + number() + " (Java " + Runtime.version().feature() + ", " + System.getProperty("os.name")
                + " " + System.getProperty("os.arch") + ")";
    }
}

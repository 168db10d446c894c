package io.millrace.cli.command;

/**
 * How much the log says, decided before its first line: {@code logback.xml} reads these properties when the first
 * logger is made. A property that is set already stays.
 */
final class Logging {
    private Logging() {}

    /** Warnings alone, and of other people's code only errors; with debug everything of ours. */
    static void quiet(boolean debug) {
        set("millrace.log.own", debug ? "DEBUG" : "WARN");
        set("millrace.log.others", debug ? "INFO" : "WARN");
        set("millrace.log.noisy", debug ? "WARN" : "OFF");
        set("millrace.log.exceptions", debug ? "%ex" : "%nopex");
    }

    /** For the verbs that serve: what our own packages do, with time. */
    static void serving(boolean debug) {
        System.setProperty("millrace.log.own", debug ? "DEBUG" : "INFO");
        System.setProperty("millrace.log.exceptions", "%ex");
        System.setProperty("millrace.log.noisy", debug ? "INFO" : "ERROR");
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}

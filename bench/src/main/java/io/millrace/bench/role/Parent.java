package io.millrace.bench.role;

import io.millrace.schemas.config.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The process that started this one: what is said to it, and its end. */
final class Parent {
    /** What a process says when it can be used, with what others have to know after it. */
    static final String READY = "ready";

    private Parent() {}

    /** Says a word and a value. */
    static synchronized void say(String word, Object value) {
        System.out.println(word + " " + value);
        System.out.flush();
    }

    /** Waits until the parent closes this process's standard input, or ends; says {@code heap BYTES} for each line that comes on it. */
    static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                System.gc();
                say(
                        "heap",
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
        } catch (IOException gone) {
            // As good as its end.
        }
    }

    /** The settings that arguments of the form {@code key=value} make. */
    static Settings settings(String[] arguments) {
        return Settings.of(Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1])));
    }
}

package io.millrace.bench.role;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;

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

    /** An argument {@code name=value}. @throws IllegalArgumentException when it is not there */
    static String required(Map<String, String> arguments, String name) {
        String value = arguments.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + "=… is missing");
        }
        return value;
    }

    /** The arguments by their names. */
    static Map<String, String> arguments(String[] all) {
        return java.util.Arrays.stream(all)
                .collect(java.util.stream.Collectors.toMap(
                        argument -> argument.substring(0, argument.indexOf('=')),
                        argument -> argument.substring(argument.indexOf('=') + 1)));
    }
}

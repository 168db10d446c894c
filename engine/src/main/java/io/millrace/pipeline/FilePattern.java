package io.millrace.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a pattern for paths may be: names with slashes between them. In a name {@code *} stands for any characters, {@code ?} for one, and {@code {a,b}} for one
 * of several texts; a name {@code **} stands for any directories, also for none, and is there once at most, and not last.
 */
final class FilePattern {
    private static final String EVERYTHING = "**";
    private static final int LONGEST = 255;
    /** How many names one with braces may stand for. */
    private static final int MOST_CHOICES = 64;

    private FilePattern() {}

    /** What is wrong with it; empty when nothing is. */
    static Optional<String> fault(String pattern) {
        List<String> names = Arrays.asList(pattern.split("/", -1));
        if (pattern.isEmpty() || pattern.length() > LONGEST) {
            return Optional.of("it has " + pattern.length() + " characters, and may have 1 to " + LONGEST);
        }
        if (pattern.startsWith("/")) {
            return Optional.of("it begins with a slash, but is looked for below `directory`");
        }
        if (names.stream().anyMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."))) {
            return Optional.of("one of the names between its slashes is empty, `.` or `..`");
        }
        if (names.indexOf(EVERYTHING) != names.lastIndexOf(EVERYTHING)) {
            return Optional.of("it has `**` more than once");
        }
        if (names.get(names.size() - 1).equals(EVERYTHING)) {
            return Optional.of("it ends with `**`, which stands for directories; files in any are `**/*`");
        }
        return names.stream()
                .filter(name -> !name.equals(EVERYTHING))
                .flatMap(name -> faultOf(name).stream())
                .findFirst();
    }

    private static Optional<String> faultOf(String name) {
        if (name.contains(EVERYTHING)) {
            return Optional.of("`**` is a part of the name \"" + name + "\", and has to be one by itself");
        }
        boolean open = false;
        int choices = 1;
        int commas = 0;
        for (char each : name.toCharArray()) {
            if (each == '[' || each == ']' || each == '\\' || Character.isISOControl(each)) {
                return Optional.of(
                        "the character \"" + (Character.isISOControl(each) ? "\\u%04x".formatted((int) each) : each)
                                + "\" has no meaning in it");
            }
            if (each == (open ? '{' : '}')) {
                return Optional.of("its braces do not belong together");
            }
            if (open && each == ',') {
                commas++;
            } else if (each == '}') {
                choices = Math.min(MOST_CHOICES + 1, choices * (commas + 1));
                commas = 0;
            }
            open = open ? each != '}' : each == '{';
        }
        if (choices > MOST_CHOICES) {
            return Optional.of("the braces of a name stand for more than " + MOST_CHOICES + " texts");
        }
        return open ? Optional.of("its braces do not belong together") : Optional.empty();
    }
}

package io.millrace.worker.files;

import java.util.Arrays;
import java.util.List;

/**
 * What the path of a file below a directory has to be like, name by name. Names that begin with a dot, and files that are called {@code .part} or {@code .tmp}
 * at their end, are wanted only where the pattern says so.
 *
 * @param names one for each directory, and the last for the file
 */
record PathPattern(List<Name> names) {
    private static final String ANY_DIRECTORIES = "**";
    private static final List<String> UNFINISHED = List.of(".part", ".tmp");

    /** One name of the path. */
    record Name(String text, Wildcard wildcard) {
        private static Name of(String text) {
            return new Name(text, Wildcard.of(text));
        }

        /** Whether it stands for any directories, also for none. */
        boolean isAnyDirectories() {
            return text.equals(ANY_DIRECTORIES);
        }

        /** Whether there is one name that it stands for. */
        boolean isLiteral() {
            return text.chars().noneMatch(each -> "*?{".indexOf(each) >= 0);
        }

        /** Whether a directory of this name is wanted. */
        boolean matches(String name) {
            return (text.startsWith(".") || !name.startsWith(".")) && wildcard.matches(name);
        }

        private boolean matchesFile(String name) {
            return matches(name)
                    && UNFINISHED.stream()
                            .noneMatch(suffix -> name.endsWith(suffix) && !text.contains(suffix.substring(1)));
        }
    }

    /** @throws IllegalArgumentException when it is none; pipelines with such are refused */
    static PathPattern of(String text) {
        PathPattern pattern =
                new PathPattern(Arrays.stream(text.split("/", -1)).map(Name::of).toList());
        boolean valid =
                pattern.names.stream().noneMatch(name -> List.of("", ".", "..").contains(name.text))
                        && pattern.names.stream().filter(Name::isAnyDirectories).count() <= 1
                        && !pattern.last().isAnyDirectories();
        if (!valid) {
            throw new IllegalArgumentException("no pattern of paths: " + text);
        }
        return pattern;
    }

    private Name last() {
        return names.get(names.size() - 1);
    }

    /** Whether the name at this place is that of the file. */
    boolean isLast(int place) {
        return place == names.size() - 1;
    }

    /** Whether a file of this name is wanted. */
    boolean wantsFile(String name) {
        return last().matchesFile(name);
    }
}

package io.millrace.cli.crontab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The id of a pipeline, from what a command is about: the program and its first argument, without what merely surrounds them, such as {@code cd},
 * {@code nice} or {@code flock}.
 */
final class PipelineName {
    private static final int LONGEST = 50;
    private static final int LONGEST_ARGUMENT = 20;
    private static final Pattern PARTS = Pattern.compile("&&|\\|\\||[;|]|(?<![<>])&(?!>)");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern QUOTES = Pattern.compile("^[\"'({]+|[\"')}]+$");
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_]\\w*=.*");
    private static final Pattern MEASURE = Pattern.compile("\\d+[smhd]?");
    /** With the file that it names, in the same word or in the next. */
    private static final Pattern REDIRECTION = Pattern.compile("(?:(?:^|(?<=\\s))\\d+|&)?[<>]+(?:&\\d+|\\s*\\S+)");

    private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z]{1,4}$");
    private static final Pattern PLAIN_ARGUMENT = Pattern.compile("[A-Za-z0-9_./~:-]*[A-Za-z0-9_/]");
    private static final Pattern NO_ID = Pattern.compile("[^a-z0-9]+");
    private static final Pattern INTERPRETER =
            Pattern.compile("(?:ba|da|z|k)?sh|python[0-9.]*|perl|php[0-9.]*|ruby|node|java");

    /** Commands that prepare others, or ask whether they are wanted. */
    private static final Set<String> PREPARING =
            Set.of("cd", "[", "[[", "test", "export", ".", "source", "sleep", "set", "umask", "true", ":", "if");

    /** Commands that execute the one that follows them. */
    private static final Set<String> AROUND = Set.of(
            "sudo", "nice", "ionice", "chrt", "nohup", "env", "exec", "time", "timeout", "flock", "chronic", "setsid",
            "command", "then");

    /** Their options that have a value. */
    private static final Set<String> WITH_VALUE =
            Set.of("sudo -u", "sudo -g", "timeout -k", "flock -w", "nice -n", "ionice -p");

    /** Words of the expression language. */
    private static final Set<String> NO_IDS = Set.of("in", "true", "false", "null");

    private PipelineName() {}

    /** A lower-case letter, then lower-case letters, digits and underscores; empty when there is nothing to call it by. */
    static String of(String command) {
        List<String> words = Stream.of(PARTS.split(command))
                .map(PipelineName::words)
                .filter(each -> !each.isEmpty() && !PREPARING.contains(base(each.get(0))))
                .findFirst()
                .orElse(List.of());
        if (words.isEmpty()) {
            return "";
        }
        String name = words.subList(1, words.size()).stream()
                .filter(word -> !word.startsWith("-"))
                .findFirst()
                .filter(word -> PLAIN_ARGUMENT.matcher(word).matches())
                .map(PipelineName::base)
                .filter(argument -> argument.length() <= LONGEST_ARGUMENT)
                .map(argument -> base(words.get(0)) + "_" + argument)
                .orElse(base(words.get(0)));
        return id(name);
    }

    /** The words of a simple command from its program on. */
    private static List<String> words(String part) {
        List<String> words =
                new ArrayList<>(Stream.of(BLANKS.split(REDIRECTION.matcher(part).replaceAll(" ")))
                        .filter(word -> !QUOTES.matcher(word).replaceAll("").isEmpty())
                        .toList());
        while (!words.isEmpty()) {
            String first = base(words.get(0));
            if (ASSIGNMENT.matcher(words.get(0)).matches()) {
                words.remove(0);
            } else if (AROUND.contains(first)) {
                words.remove(0);
                dropOptions(first, words);
                if (first.equals("flock") && words.size() > 1) {
                    words.remove(0);
                    dropOptions(first, words);
                }
            } else if (INTERPRETER.matcher(first).matches()
                    && words.stream().skip(1).anyMatch(PipelineName::isNoOption)) {
                words.remove(0);
                dropOptions(first, words);
            } else {
                return words;
            }
        }
        return words;
    }

    private static void dropOptions(String command, List<String> words) {
        while (words.size() > 1
                && (!isNoOption(words.get(0)) || MEASURE.matcher(words.get(0)).matches())) {
            if (WITH_VALUE.contains(command + " " + words.remove(0)) && words.size() > 1) {
                words.remove(0);
            }
        }
    }

    private static boolean isNoOption(String word) {
        return !word.startsWith("-");
    }

    /** The last part of a path, without what tells its language. */
    private static String base(String word) {
        String bare = QUOTES.matcher(word).replaceAll("");
        String path = bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
        return EXTENSION.matcher(path.substring(path.lastIndexOf('/') + 1)).replaceAll("");
    }

    private static String id(String name) {
        String folded = NO_ID.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("_");
        String cut = folded.substring(0, Math.min(LONGEST, folded.length()));
        String id = cut.replaceAll("^_+|_+$", "");
        boolean isOne = id.isEmpty() || (Character.isLetter(id.charAt(0)) && !NO_IDS.contains(id));
        return isOne ? id : "job_" + id;
    }
}

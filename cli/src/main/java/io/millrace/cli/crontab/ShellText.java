package io.millrace.cli.crontab;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The script of a task that does what cron does with a command: in the home directory, by the shell that the crontab names, without the strictness
 * of scripts of pipelines, and with the input that it is given.
 */
final class ShellText {
    private static final String STANDARD_SHELL = "/bin/sh";

    /** A word that means itself to any shell, so that it makes no difference which one reads it; the first of a command has no {@code =} either. */
    private static final Pattern SAFE_WORD = Pattern.compile("[A-Za-z0-9_./:@%+,=-]+");

    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
    private static final Pattern USUAL_SHELL = Pattern.compile("(?:.*/)?(?:sh|bash|dash|ash|ksh|zsh)");
    private static final Pattern GOES_ELSEWHERE = Pattern.compile("cd +[\"']?[/~](?!.*(?:;|\\|\\|))[^&|]*&&.*");

    /** First words that shells have an own and differing understanding of. */
    private static final Set<String> OF_THE_SHELL = Set.of(
            ".",
            "alias",
            "bg",
            "builtin",
            "case",
            "cd",
            "command",
            "declare",
            "do",
            "echo",
            "eval",
            "exec",
            "exit",
            "export",
            "fc",
            "fg",
            "for",
            "function",
            "getopts",
            "hash",
            "if",
            "jobs",
            "kill",
            "let",
            "local",
            "printf",
            "pwd",
            "read",
            "readonly",
            "return",
            "select",
            "set",
            "shift",
            "shopt",
            "source",
            "test",
            "time",
            "times",
            "trap",
            "type",
            "typeset",
            "ulimit",
            "umask",
            "unalias",
            "unset",
            "until",
            "wait",
            "while");

    private ShellText() {}

    /**
     * The script.
     *
     * @param shell what the crontab sets as its shell
     * @param path what it sets as its path, where that has to be set in the script
     */
    static String of(CrontabLine.Job job, Optional<String> shell, Optional<String> path) {
        StringBuilder script = new StringBuilder();
        if (!GOES_ELSEWHERE.matcher(job.command()).matches()) {
            script.append("cd ~").append(job.user().orElse("")).append('\n');
        }
        path.ifPresent(
                value -> script.append("export PATH=").append(quoted(value)).append('\n'));
        String command = job.command().strip();
        script.append(isPlain(command, shell) ? command : by(shell.orElse(STANDARD_SHELL), command));
        job.input().ifPresent(input -> {
            String end = delimiter(input);
            script.append(" <<'").append(end).append("'\n").append(input).append(end);
        });
        return script.append('\n').toString();
    }

    private static boolean isPlain(String command, Optional<String> shell) {
        String[] words = BLANKS.split(command);
        return Stream.of(words).allMatch(word -> SAFE_WORD.matcher(word).matches())
                && words[0].indexOf('=') < 0
                && !OF_THE_SHELL.contains(words[0])
                && shell.map(name -> USUAL_SHELL.matcher(name).matches()).orElse(true);
    }

    private static String by(String shell, String command) {
        return (SAFE_WORD.matcher(shell).matches() ? shell : quoted(shell)) + " -c " + quoted(command);
    }

    /** As one word: in double quotes where that is easier to read. */
    private static String quoted(String text) {
        boolean plainInDouble = text.chars().noneMatch(c -> "\"\\$`!".indexOf(c) >= 0);
        if (text.indexOf('\'') >= 0 && plainInDouble) {
            return '"' + text + '"';
        }
        // A template's begin is refused in scripts, also where it means nothing.
        return "'" + text.replace("'", "'\\''").replace("${{", "$''{{") + "'";
    }

    private static String delimiter(String input) {
        List<String> lines = input.lines().toList();
        String end = "INPUT";
        for (int i = 2; lines.contains(end); i++) {
            end = "INPUT_" + i;
        }
        return end;
    }
}

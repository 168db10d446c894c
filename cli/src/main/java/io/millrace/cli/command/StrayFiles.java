package io.millrace.cli.command;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Shell;
import io.millrace.pipeline.Task;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Files that a script calls by their names, that lie beside the pipeline's file, and that are not among the task's files: where the
 * task is executed they are not there. Whoever comes from a crontab meets this first.
 */
final class StrayFiles {
    /** A word that may be a relative path: {@code load.py}, {@code ./load}, {@code scripts/load.sh}. */
    private static final Pattern PATH = Pattern.compile("(?<![\\w./~$-])(?:\\./)?[\\w-][\\w./-]*");

    private StrayFiles() {}

    /** A sentence for each of them. */
    static List<String> hints(Path path, Pipeline pipeline) {
        List<String> hints = new ArrayList<>();
        for (Task task : pipeline.tasks()) {
            if (task.action() instanceof Shell shell && shell.command().isPresent()) {
                for (String name : named(shell.command().get())) {
                    if (!task.files().contains(name) && isBeside(path, name)) {
                        hints.add(path + ": the task " + task.id() + " names " + name
                                + ", which is beside the pipeline's file but"
                                + " not where the task is executed; add it to the task: files: [" + name + "]");
                    }
                }
            }
        }
        return hints;
    }

    private static Set<String> named(String command) {
        Set<String> names = new LinkedHashSet<>();
        PATH.matcher(command)
                .results()
                .map(MatchResult::group)
                .filter(word -> word.startsWith("./") || word.contains("."))
                .map(word -> word.startsWith("./") ? word.substring(2) : word)
                .forEach(names::add);
        return names;
    }

    private static boolean isBeside(Path path, String name) {
        try {
            return Files.isRegularFile(path.resolveSibling(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}

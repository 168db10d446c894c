package io.millrace.pipeline.lint;

import io.millrace.pipeline.Shell;
import io.millrace.pipeline.Task;
import java.util.regex.Pattern;

/** Looks into the commands of shells. These run with {@code -euo pipefail}: a single script can only take that away. */
final class CommandCheck implements Check {
    private static final Pattern GOES_ON =
            Pattern.compile("(?m)(?:^|[;&|]\\s*)\\s*set\\s+(?:\\+[a-z]*e[a-z]*|\\+o\\s+errexit)\\b");

    @Override
    public void check(Subject subject, Report report) {
        for (Task task : subject.pipeline().tasks()) {
            boolean goesOn = task.action() instanceof Shell shell
                    && shell.command()
                            .filter(command -> GOES_ON.matcher(command).find())
                            .isPresent();
            if (goesOn) {
                report.add(
                        Rule.ERRORS_IGNORED,
                        subject.placeInTask(task.id(), "shell"),
                        "`set +e` lets the commands of " + task.id() + " go on after a failure, and it may succeed",
                        "write `command || handle_it` behind the command that may fail");
            }
        }
    }
}

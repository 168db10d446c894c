package io.millrace.cli.crontab;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Whether a crontab is one of a user, or one of the system in which a user stands before each command. */
final class CrontabLayout {
    private static final Pattern PATH = Pattern.compile("(?:.*/)?etc/(?:crontab|cron\\.d/[^/]+)");
    private static final Pattern JOB = Pattern.compile(
            "\\s*-?(?:@\\w+|[-*~,/\\w]+(?:[ \\t]+[-*~,/\\w]+){4})[ \\t]+(?<first>\\S+)(?<more>[ \\t]+\\S.*)?");

    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_.-]*\\$?");

    private CrontabLayout() {}

    /** By its path: {@code /etc/crontab} and what lies in {@code /etc/cron.d} are the system's. */
    static boolean isSystemPath(String path) {
        return PATH.matcher(path).matches();
    }

    /**
     * By what is in it: each of its jobs names what could be a user before its command, and one of them is root. For a command of that name
     * there is none.
     */
    static boolean isSystem(byte[] crontab) {
        List<String> lines = new String(crontab, StandardCharsets.UTF_8).lines().toList();
        boolean root = false;
        for (String line : lines) {
            var job = JOB.matcher(line);
            if (!line.stripLeading().startsWith("#") && job.matches()) {
                String first = job.group("first");
                if (!USER.matcher(first).matches() || job.group("more") == null) {
                    return false;
                }
                root |= first.equals("root");
            }
        }
        return root;
    }
}

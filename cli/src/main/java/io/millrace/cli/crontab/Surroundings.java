package io.millrace.cli.crontab;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the settings of a crontab have made of the jobs that follow. For one reader, from the first line to the last. */
final class Surroundings {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(?:PASSW|SECRET|TOKEN|CREDENTIAL|API_?KEY|ACCESS_?KEY).*");
    private static final Pattern HAS_PROGRAMS = Pattern.compile("(?:.*:)?(?:/usr)?/bin/?(?::.*)?");
    private static final int LONGEST_DELAY_MINUTES = 24 * 60;

    /** What cron makes of the mail alone, and of SELinux. */
    private static final Set<String> OF_MAIL =
            Set.of("MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING", "MLS_LEVEL");

    /** What a job is told of its user whatever the crontab says. */
    private static final Set<String> OF_USER = Set.of("LOGNAME", "USER");

    private final ZoneId standard;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private Optional<ZoneId> zone;
    private Duration jitter = Duration.ZERO;
    private String mailTo = "";

    /** @param standard the time zone where the crontab names none */
    Surroundings(ZoneId standard) {
        this.standard = standard;
        this.zone = Optional.of(standard);
    }

    /** Takes a setting in, and says what became of it. */
    ImportedLine set(CrontabLine.Setting setting) {
        String name = setting.name();
        String value = setting.value();
        int line = setting.number();
        if (name.equals("CRON_TZ")) {
            return zone(line, value);
        }
        if (name.equals("RANDOM_DELAY")) {
            return delay(line, value);
        }
        if (name.equals("MAILTO")) {
            mailTo = value;
            return ImportedLine.setting(
                    line,
                    "MAILTO",
                    List.of(
                            "nothing is mailed: what a task writes is kept (millrace logs), and tasks in on_failure can tell of failures"));
        }
        if (OF_MAIL.contains(name)) {
            return ImportedLine.setting(line, name, List.of("it has no use here"));
        }
        if (OF_USER.contains(name)) {
            return ImportedLine.setting(line, name, List.of("cron passes over it, and so does this"));
        }
        if (!NAME.matcher(name).matches() || name.startsWith("MILLRACE_")) {
            return ImportedLine.notDone(
                    line,
                    "a task can have no variable \"" + name
                            + "\": a name is letters, digits and underscores, and does not begin with MILLRACE_");
        }
        variables.put(name, value);
        return ImportedLine.setting(line, name, remarks(name, value));
    }

    private ImportedLine zone(int line, String name) {
        try {
            zone = Optional.of(name.isEmpty() ? standard : ZoneId.of(name.startsWith(":") ? name.substring(1) : name));
            return ImportedLine.setting(line, "CRON_TZ", List.of());
        } catch (DateTimeException e) {
            zone = Optional.empty();
            return ImportedLine.notDone(line, "there is no time zone \"" + name + "\"; a name is like Europe/Berlin");
        }
    }

    private ImportedLine delay(int line, String minutes) {
        if (!minutes.matches("\\d{1,4}") || Integer.parseInt(minutes) > LONGEST_DELAY_MINUTES) {
            return ImportedLine.notDone(line, "\"" + minutes + "\" is no RANDOM_DELAY: minutes from 0 to 1440");
        }
        jitter = Duration.ofMinutes(Integer.parseInt(minutes));
        return ImportedLine.setting(line, "RANDOM_DELAY", List.of("it is the jitter of the schedules"));
    }

    private static List<String> remarks(String name, String value) {
        List<String> remarks = new ArrayList<>();
        if (value.contains("$") || value.startsWith("~")) {
            remarks.add("neither cron nor a task expands what is in its value");
        }
        if (name.equals("TZ")) {
            remarks.add("it is for the commands alone; the time zone of the schedules is CRON_TZ or --timezone");
        }
        if (SECRET.matcher(name).matches()) {
            remarks.add("its value stands in the files as it is; `${{ secrets.NAME }}` keeps a secret out of them");
        }
        return remarks;
    }

    /** The time zone of the jobs that follow; empty when the crontab names one that there is not. */
    Optional<ZoneId> zone() {
        return zone;
    }

    /** By how much cron delays them at most. */
    Duration jitter() {
        return jitter;
    }

    /** To whom cron mails what they write; empty for nobody that is named. */
    String mailTo() {
        return mailTo;
    }

    /** What executes them, if it is said. */
    Optional<String> shell() {
        return Optional.ofNullable(variables.get("SHELL")).filter(shell -> !shell.isBlank());
    }

    /** The path, where a worker would not find a shell to begin with if the task had it from the start. */
    Optional<String> pathForScript() {
        return Optional.ofNullable(variables.get("PATH"))
                .filter(path -> !HAS_PROGRAMS.matcher(path).matches());
    }

    /** The variables of the tasks. */
    Map<String, String> variables() {
        Map<String, String> copy = new LinkedHashMap<>(variables);
        pathForScript().ifPresent(path -> copy.remove("PATH"));
        return copy;
    }
}

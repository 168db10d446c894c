package io.millrace.cli.crontab;

import java.util.Optional;

/** A line of a crontab, as cron reads it. */
sealed interface CrontabLine {
    /** Its number in the file, from 1. */
    int number();

    /** A comment, or nothing. */
    record Comment(int number) implements CrontabLine {}

    /** A variable for the jobs that follow. */
    record Setting(int number, String name, String value) implements CrontabLine {}

    /**
     * A command and when it is due.
     *
     * @param text the line
     * @param user whom it is executed as; in system crontabs alone
     * @param command what the shell is given, without the backslashes before {@code %}
     * @param input what the command finds on standard input
     */
    record Job(int number, String text, CronTime time, Optional<String> user, String command, Optional<String> input)
            implements CrontabLine {}

    /** What is none of these, or cannot be done. */
    record Refused(int number, String reason) implements CrontabLine {}
}

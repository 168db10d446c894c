package io.millrace.cli.crontab;

/** A line of a crontab cannot be what it is in cron. The message says why, without a full stop. */
final class CrontabFault extends Exception {
    private static final long serialVersionUID = 1;

    CrontabFault(String message) {
        super(message);
    }

    /** Why. */
    String reason() {
        return String.valueOf(getMessage());
    }
}

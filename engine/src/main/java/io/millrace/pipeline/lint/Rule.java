package io.millrace.pipeline.lint;

import java.util.Locale;

/** The rules. Their ids are promised: comments in files and the settings of a build name them. */
public enum Rule {
    /** Something that looks like a secret is written in the file. */
    PLAIN_SECRET(Severity.ERROR, false, "A secret is written in the file, and so into Kafka and every answer."),
    /** Commands that go on after a failure. */
    ERRORS_IGNORED(Severity.WARNING, false, "Commands turn off that the first failure ends the task."),
    /** A condition that names nothing. */
    CONSTANT_CONDITION(Severity.WARNING, false, "A condition has the same answer in every run."),
    /** A comment that allows what there is no rule for. */
    UNKNOWN_RULE(Severity.WARNING, false, "A comment allows what no rule speaks against."),
    /** An input that nothing refers to. */
    UNUSED_INPUT(Severity.WARNING, false, "An input is declared, and nothing refers to it."),
    /** An output that nothing refers to. */
    UNUSED_OUTPUT(Severity.HINT, false, "An output is declared, and nothing that follows refers to it."),
    /** A need that another need implies. */
    NEEDLESS_NEED(Severity.HINT, false, "A need is implied by another one."),
    /** A task may take longer than its run. */
    TIMEOUT_BEYOND_RUN(
            Severity.WARNING, false, "The timeout of a task is longer than that of the run, and never ends it."),
    /** The retries of a task outlast the run. */
    RETRIES_BEYOND_RUN(
            Severity.WARNING, false, "The waits between the retries of a task outlast the timeout of the run."),
    /** A wait that is never over. */
    WAIT_BEYOND_RUN(Severity.WARNING, false, "A wait is longer than the timeout of the run, and never ends."),
    /** A schedule of every hour that clocks interrupt. */
    SILENT_HOUR(Severity.HINT, false, "A schedule of every hour has no tick for an hour when clocks are put back."),
    /** A run that holds what a run that it waits for needs. */
    WAITS_FOR_ITSELF(
            Severity.WARNING,
            false,
            "A pipeline with `concurrency` starts runs of itself, and they may wait for one another."),
    /** A task that may hang for ever. */
    NO_TIMEOUT(Severity.WARNING, true, "A task that hangs, or waits for an answer, is never ended."),
    /** A run that may wait for ever. */
    NO_RUN_TIMEOUT(Severity.WARNING, true, "A run that no worker serves waits for ever."),
    /** A task that gives up at the first failure. */
    NO_RETRY(Severity.WARNING, true, "A task fails for good at the first hiccup of what it talks to."),
    /** A pipeline that nobody is responsible for. */
    NO_OWNER(Severity.WARNING, true, "Nobody is named who could be asked."),
    /** A pipeline whose failure nobody hears of. */
    NO_ALERT(Severity.WARNING, true, "Nobody is told when a run fails.");

    private final Severity severity;
    private final boolean production;
    private final String meaning;

    Rule(Severity severity, boolean production, String meaning) {
        this.severity = severity;
        this.production = production;
        this.meaning = meaning;
    }

    /** The id, such as {@code no-timeout}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How much it matters. */
    public Severity severity() {
        return severity;
    }

    /** Whether it asks for what only a pipeline in production needs. */
    public boolean production() {
        return production;
    }

    /** What is wrong where it is broken, in a sentence. */
    public String meaning() {
        return meaning;
    }
}

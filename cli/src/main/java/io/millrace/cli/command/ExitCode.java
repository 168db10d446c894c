package io.millrace.cli.command;

/** What the command says to scripts; these numbers are promised. */
public enum ExitCode {
    /** Done; where a run was waited for, it succeeded. */
    DONE(0, "done; where a run was waited for, it succeeded"),
    /** The run failed or was cancelled, the request was refused, or a check found something. */
    FAILED(1, "the run failed or was cancelled, the platform refused the request, or a check found something"),
    /** The command line, the pipeline file or the inputs are not right. */
    INVALID(2, "bad usage: the command line, the pipeline file or the inputs are not right"),
    /** Nobody answers, or the platform cannot start here. */
    UNAVAILABLE(3, "the platform cannot be reached, or cannot start here (port or data directory in use)"),
    /** There is no such pipeline, run or task. */
    NOT_FOUND(4, "there is no such pipeline, run or task"),
    /** A bug of ours. */
    INTERNAL(70, "an error inside Millrace; --debug shows where"),
    /** Ended by Ctrl-C. */
    INTERRUPTED(130, "interrupted (Ctrl-C)"),
    /** The reader of the output went away; what every Unix tool says then. */
    OUTPUT_CLOSED(141, "the reader of the output has gone away, as in `millrace tail | head`");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The number that the process ends with. */
    public int number() {
        return number;
    }

    /** In words, for the help. */
    public String meaning() {
        return meaning;
    }
}

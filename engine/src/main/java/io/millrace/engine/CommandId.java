package io.millrace.engine;

/**
 * The identity of a command to a run that exists, derived from what is asked of which run and from a key of the sender's
 * own choice: a repeat has the same id, and is decided about once.
 *
 * @param value 26 characters, formed as those of a {@link RunId}
 */
public record CommandId(String value) {
    /** Checks the form. @throws IllegalArgumentException when it is not an id that this class derives */
    public CommandId {
        if (!DerivedId.isValid(value)) {
            throw new IllegalArgumentException("Not a command id: '" + value + "'");
        }
    }

    /** That of asking for the end of a run. */
    public static CommandId ofCancel(String run, String idempotencyKey) {
        return new CommandId(DerivedId.of("cancel", run, idempotencyKey));
    }

    /** That of asking for a run to be opened again. */
    public static CommandId ofRerun(String run, String idempotencyKey) {
        return new CommandId(DerivedId.of("rerun", run, idempotencyKey));
    }

    /** That of an answer to a task. */
    public static CommandId ofAnswer(String run, String task, String idempotencyKey) {
        return new CommandId(DerivedId.of("answer", run, task, idempotencyKey));
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.millrace.audit.verify;

import java.util.List;

/**
 * A guarantee that does not hold.
 *
 * @param guarantee which
 * @param run the run that it concerns; empty when none is known
 * @param sentence what is wrong
 * @param records where it can be seen
 */
public record Violation(Guarantee guarantee, String run, String sentence, List<Position> records) {
    public Violation {
        records = List.copyOf(records);
    }

    @Override
    public String toString() {
        return guarantee + (run.isEmpty() ? "" : " " + run) + ": " + sentence + " " + records;
    }
}

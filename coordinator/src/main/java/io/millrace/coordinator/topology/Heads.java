package io.millrace.coordinator.topology;

import io.millrace.engine.Change;
import io.millrace.engine.Decision;
import io.millrace.engine.RunHead;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The head of the run that a decision is about, where the decision itself has it. */
final class Heads {
    private Heads() {}

    /** The head of the run that the decision starts; null when it starts none. */
    static @Nullable RunHead of(Decision decision) {
        for (Change change : decision.changes()) {
            if (change instanceof Change.PutRun put) {
                return put.head();
            } else if (change instanceof Change.RetireRun retired) {
                return retired.head();
            }
        }
        return null;
    }

    /** The end of the run, when the decision ends it. */
    static Optional<Change.RetireRun> retired(Decision decision) {
        for (Change change : decision.changes()) {
            if (change instanceof Change.RetireRun retired) {
                return Optional.of(retired);
            }
        }
        return Optional.empty();
    }
}

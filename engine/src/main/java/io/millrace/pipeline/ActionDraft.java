package io.millrace.pipeline;

import io.millrace.expression.ValueType;
import java.util.Map;
import java.util.Optional;

/** What a task does, as far as it can be read by itself: its expressions are compiled when the rest of the pipeline is known. */
interface ActionDraft {
    /** The action; empty after a problem. */
    Optional<Action> compile(Templates templates);

    /** The file among the pipeline's files that it executes, if it does. */
    default Optional<String> script() {
        return Optional.empty();
    }

    /** The members that its output has for certain, whatever the file declares. */
    default Map<String, ValueType> outputs() {
        return Map.of();
    }

    /** An action without expressions. */
    static ActionDraft of(Action action) {
        return templates -> Optional.of(action);
    }
}

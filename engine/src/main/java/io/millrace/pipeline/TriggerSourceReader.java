package io.millrace.pipeline;

import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import java.util.Optional;
import java.util.Set;

/** Reads what makes the triggers of one kind start runs. */
interface TriggerSourceReader {
    /** What stands under the kind's key of a trigger, which is there; empty after a problem. */
    Optional<TriggerSource> read(Block trigger, Expressions expressions);

    /** What its filter sees; none when it can have no filter. */
    Set<Local> inFilter(Block trigger);

    /** What its inputs see. */
    Set<Local> inInputs(Block trigger);
}

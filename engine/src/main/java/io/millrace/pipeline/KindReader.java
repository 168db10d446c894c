package io.millrace.pipeline;

import java.util.Optional;

/** Reads what the tasks of one kind do. */
interface KindReader {
    /** What stands under the kind's key of a task, which is there; empty after a problem. */
    Optional<ActionDraft> read(Block task);
}

package io.millrace.coordinator.why;

import java.util.List;

/**
 * What a run or a task waits for, or why it ended.
 *
 * @param sentence for people, with a full stop
 * @param reasons the same in parts, the most telling first
 */
public record Why(String sentence, List<Reason> reasons) {
    public Why {
        reasons = List.copyOf(reasons);
    }
}

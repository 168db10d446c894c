package io.millrace.coordinator.api;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.List;

/** The difference between two sources of a pipeline, as `diff -u` shows it. */
final class SourceDiff {
    private static final int CONTEXT = 3;
    /** Comparing costs the product of length and difference. */
    private static final int MOST_LINES = 4_000;

    private SourceDiff() {}

    /** @return its lines; none when the sources are the same */
    static List<String> lines(String nameBefore, String before, String nameAfter, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        if (Math.max(old.size(), now.size()) > MOST_LINES) {
            return before.equals(after)
                    ? List.of()
                    : List.of("the sources have " + old.size() + " and " + now.size()
                            + " lines, too many to be compared here");
        }
        return UnifiedDiffUtils.generateUnifiedDiff(nameBefore, nameAfter, old, DiffUtils.diff(old, now), CONTEXT);
    }
}

package io.millrace.testkit.file;

import io.millrace.expression.Place;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TaskId;
import io.millrace.testkit.Mock;
import io.millrace.testkit.Mocks;
import io.millrace.testkit.RunPlan;
import io.millrace.testkit.Unmocked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One test of a pipeline.
 *
 * @param name its name, unique in its file
 * @param place where in the file it begins
 * @param plan how its run begins, and when it is cancelled
 * @param shared the mocks that all tests of the file share, but for tasks of which this test says something itself
 * @param own its own mocks
 * @param unmocked what becomes of other tasks
 * @param expectations what it expects
 */
public record TestCase(
        String name,
        Place place,
        Pipeline pipeline,
        RunPlan plan,
        Map<TaskId, Mock> shared,
        Map<TaskId, Mock> own,
        Unmocked unmocked,
        List<Expectation> expectations) {
    /** Copies list and maps. */
    public TestCase {
        shared = new LinkedHashMap<>(shared);
        own = new LinkedHashMap<>(own);
        expectations = List.copyOf(expectations);
    }

    /** All mocks that count. */
    Mocks mocks() {
        Map<TaskId, Mock> all = new LinkedHashMap<>();
        shared.forEach((task, mock) -> {
            if (!own.containsKey(task.base())) {
                all.put(task, mock);
            }
        });
        all.putAll(own);
        return new Mocks(all);
    }
}

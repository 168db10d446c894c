package io.millrace.testkit;

import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The mocks of a run's tasks. That of an item goes before that of its task, which counts for all other items. */
public final class Mocks implements Outcomes {
    private final Map<TaskId, Mock> mocks;

    /** These, by task or item. */
    public Mocks(Map<TaskId, Mock> mocks) {
        this.mocks = Collections.unmodifiableMap(new LinkedHashMap<>(mocks));
    }

    @Override
    public Optional<Outcome> of(Attempt attempt) {
        return mock(attempt.task()).flatMap(mock -> mock.of(attempt));
    }

    /** Whether anything is said of a task or item. */
    public boolean has(TaskId task) {
        return mock(task).isPresent();
    }

    private Optional<Mock> mock(TaskId task) {
        return Optional.ofNullable(mocks.get(task)).or(() -> Optional.ofNullable(mocks.get(task.base())));
    }

    /** What a run left unused of them, a sentence each. */
    public List<String> unused(RehearsalResult run) {
        List<String> unused = new ArrayList<>();
        mocks.forEach((task, mock) -> mock.unused(task, asked(task, run)).ifPresent(unused::add));
        return unused;
    }

    /** Of a task with items, how often the item was asked for that was asked for most often and has no mock of its own. */
    private int asked(TaskId task, RehearsalResult run) {
        int most = run.asked(task);
        if (!task.isItem()) {
            for (TaskId each : run.all().keySet()) {
                if (each.isItem() && each.base().equals(task) && !mocks.containsKey(each)) {
                    most = Math.max(most, run.asked(each));
                }
            }
        }
        return most;
    }
}

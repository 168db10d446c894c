package io.millrace.pipeline.lint;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.TriggerRule;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds needs that other needs imply: when the other one succeeded, so did this. A task with another rule than
 * {@code all_succeeded} says nothing about what it needs, and one that begins early needs each for itself. A need whose output
 * the task refers to is left alone: it says where that comes from.
 */
final class NeedCheck implements Check {
    private static final Set<TriggerRule> BEGIN_EARLY = Set.of(TriggerRule.ANY_FAILED, TriggerRule.ANY_SUCCEEDED);

    @Override
    public void check(Subject subject, Report report) {
        Map<TaskId, Integer> numbers = new HashMap<>();
        subject.pipeline().tasks().forEach(task -> numbers.put(task.id(), numbers.size()));
        Map<TaskId, BitSet> ancestors = ancestors(subject.pipeline(), numbers);
        for (Task task : subject.pipeline().tasks()) {
            if (BEGIN_EARLY.contains(task.triggerRule())) {
                continue;
            }
            Set<String> used = UseCheck.used(task);
            for (TaskId need : task.needs()) {
                String name = "tasks." + need;
                if (used.stream().anyMatch(each -> each.equals(name) || each.startsWith(name + "."))) {
                    continue;
                }
                int number = numbers.getOrDefault(need, 0);
                Optional<TaskId> through = task.needs().stream()
                        .filter(other -> !other.equals(need)
                                && ancestors.getOrDefault(other, new BitSet()).get(number))
                        .findFirst();
                through.ifPresent(other -> report.add(
                        Rule.NEEDLESS_NEED,
                        subject.placeInTask(task.id(), "needs"),
                        task.id() + " needs " + need + " through " + other + " already",
                        "leave " + need + " out of `needs`; expressions may refer to it all the same"));
            }
        }
    }

    /** For each task the numbers of those that have succeeded when it has: what it needs, directly or through others. */
    private static Map<TaskId, BitSet> ancestors(Pipeline pipeline, Map<TaskId, Integer> numbers) {
        Map<TaskId, BitSet> ancestors = new HashMap<>();
        Map<TaskId, Integer> open = new HashMap<>();
        Deque<TaskId> ready = new ArrayDeque<>();
        for (Task task : pipeline.tasks()) {
            open.put(task.id(), task.needs().size());
            if (task.needs().isEmpty()) {
                ready.add(task.id());
            }
        }
        while (!ready.isEmpty()) {
            TaskId next = ready.remove();
            BitSet all = new BitSet(numbers.size());
            Task task = pipeline.task(next);
            boolean strict = task.triggerRule() == TriggerRule.ALL_SUCCEEDED;
            for (TaskId need : strict ? task.needs() : List.<TaskId>of()) {
                all.or(ancestors.getOrDefault(need, new BitSet()));
                all.set(numbers.getOrDefault(need, 0));
            }
            ancestors.put(next, all);
            for (TaskId dependent : pipeline.dependents(next)) {
                if (open.merge(dependent, -1, Integer::sum) == 0) {
                    ready.add(dependent);
                }
            }
        }
        return ancestors;
    }
}

package io.millrace.pipeline;

import io.millrace.expression.Suggestion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which task needs which: finds needs that name no task, and circles; knows what can be reached. */
final class TaskGraph {
    private static final int MOST_CIRCLES = 20;

    private final List<TaskDraft> tasks;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<List<Integer>> needs = new ArrayList<>();
    private final List<List<Integer>> dependents = new ArrayList<>();
    private final List<BitSet> ancestors = new ArrayList<>();
    private final Problems problems;

    /** Takes tasks with ids that differ. */
    TaskGraph(List<TaskDraft> tasks, Problems problems) {
        this.tasks = tasks;
        this.problems = problems;
        tasks.forEach(task -> numbers.put(task.id(), numbers.size()));
        tasks.forEach(task -> dependents.add(new ArrayList<>()));
        tasks.forEach(task -> needs.add(known(task)));
        for (int task = 0; task < tasks.size(); task++) {
            for (int need : needs.get(task)) {
                dependents.get(need).add(task);
            }
        }
        BitSet removed = new BitSet();
        List<Integer> order = order(removed);
        if (order.size() == tasks.size()) {
            findAncestors(order);
        }
        for (int circle = 0; order.size() < tasks.size() && circle < MOST_CIRCLES; circle++) {
            removeCircle(order, removed);
            order = order(removed);
        }
    }

    /** Whether the one task has ended when the other starts; when there are circles, nobody knows, and the answer is yes. */
    boolean reaches(String task, String needed) {
        Integer from = numbers.get(task);
        Integer to = numbers.get(needed);
        return ancestors.isEmpty()
                || from == null
                || to == null
                || tasks.get(to).stage().compareTo(tasks.get(from).stage()) < 0
                || ancestors.get(from).get(to);
    }

    /** Whether there is such a task and it stands under {@code tasks}. */
    boolean isMain(String task) {
        Integer number = numbers.get(task);
        return number != null && tasks.get(number).stage() == Stage.MAIN;
    }

    private List<Integer> known(TaskDraft task) {
        List<Integer> known = new ArrayList<>();
        for (TaskDraft.Need need : task.needs()) {
            Integer number = numbers.get(need.task());
            if (need.task().equals(task.id())) {
                problems.add(need.place(), "the task " + task.id() + " needs itself");
            } else if (number == null) {
                problems.add(
                        need.place(),
                        "the task " + task.id() + " needs \"" + need.task() + "\", and there is no such task",
                        Optional.empty(),
                        Suggestion.of(need.task(), numbers.keySet()));
            } else if (tasks.get(number).stage() != task.stage()) {
                problems.add(
                        need.place(),
                        "the task " + task.id() + " of `" + task.stage().key() + "` needs " + need.task() + " of `"
                                + tasks.get(number).stage().key() + "`",
                        "a task of the same list; each list begins when the one before it has ended");
            } else {
                known.add(number);
            }
        }
        return known;
    }

    /** The tasks in an order in which each comes after its needs, as far as there is one; the removed ones need nothing. */
    private List<Integer> order(BitSet removed) {
        int[] open = new int[tasks.size()];
        Deque<Integer> ready = new ArrayDeque<>();
        for (int task = 0; task < tasks.size(); task++) {
            open[task] = removed.get(task) ? 0 : needs.get(task).size();
            if (open[task] == 0) {
                ready.add(task);
            }
        }
        List<Integer> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            int task = ready.remove();
            order.add(task);
            for (int dependent : dependents.get(task)) {
                open[dependent]--;
                if (open[dependent] == 0) {
                    ready.add(dependent);
                }
            }
        }
        return order;
    }

    private void findAncestors(List<Integer> order) {
        tasks.forEach(task -> ancestors.add(new BitSet()));
        for (int task : order) {
            for (int need : needs.get(task)) {
                ancestors.get(task).or(ancestors.get(need));
                ancestors.get(task).set(need);
            }
        }
    }

    /** Follows needs from the first task that no order holds, until one comes again: each of them needs another of them. */
    private void removeCircle(List<Integer> order, BitSet removed) {
        BitSet left = new BitSet();
        left.set(0, tasks.size());
        order.forEach(left::clear);
        List<Integer> path = new ArrayList<>();
        BitSet onPath = new BitSet();
        int task = left.nextSetBit(0);
        while (!onPath.get(task)) {
            path.add(task);
            onPath.set(task);
            task = needs.get(task).stream().filter(left::get).findFirst().orElseThrow();
        }
        List<Integer> circle = new ArrayList<>(path.subList(path.indexOf(task), path.size()));
        Collections.rotate(circle, -circle.indexOf(Collections.min(circle)));
        report(circle);
        circle.forEach(removed::set);
    }

    private void report(List<Integer> circle) {
        TaskDraft first = tasks.get(circle.get(0));
        String second = tasks.get(circle.get(1)).id();
        TaskDraft.Need need = first.needs().stream()
                .filter(candidate -> candidate.task().equals(second))
                .findFirst()
                .orElseThrow();
        StringBuilder path = new StringBuilder();
        circle.forEach(number -> path.append(tasks.get(number).id()).append(" → "));
        problems.add(need.place(), "the tasks need each other in a circle: " + path + first.id());
    }
}

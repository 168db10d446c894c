package io.millrace.engine.simulation;

import io.millrace.engine.simulation.PlannedTask.Kind;
import io.millrace.engine.simulation.PlannedTask.Rule;
import io.millrace.pipeline.Concurrency.Conflict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Makes up pipelines. Each task is a block of its own among the choices, so that a story can lose it. */
final class PlanMaker {
    private static final List<String> RUN_STATUSES = List.of("succeeded", "failed", "cancelled");
    private static final int LONG_LIST = 130;
    private static final List<Kind> KINDS =
            List.of(Kind.SHELL, Kind.SHELL, Kind.SHELL, Kind.SHELL, Kind.SHELL, Kind.WAIT, Kind.APPROVAL, Kind.RUN);

    private final Choices choices;

    PlanMaker(Choices choices) {
        this.choices = choices;
    }

    /** A pipeline that may start runs of those that come after it. */
    Plan plan(int index) {
        String id = "p" + index;
        choices.begin(id);
        long timeout = List.of(0L, 0L, 0L, 0L, 20_000L, 180_000L).get(choices.next(6));
        int limit = List.of(0, 0, 1, 2).get(choices.next(4));
        Conflict conflict = Conflict.values()[choices.next(4)];
        List<PlannedTask> tasks = new ArrayList<>();
        choices.begin(id + " tasks");
        tasks.add(task(tasks, 0, 0, index));
        addTasks(tasks, 0, 9, index);
        addTasks(tasks, 1, 2, index);
        addTasks(tasks, 2, 2, index);
        boolean gives = choices.another(id + " outputs", 1, 4);
        String source = gives ? source(ids(tasks, 0), tasks) : null;
        // A run that holds a slot of the pool while one that it started waits for another would wait for ever.
        boolean pooled = limit == Plan.POOL_SLOTS && tasks.stream().noneMatch(task -> task.kind() == Kind.RUN);
        int own = pooled && conflict == Conflict.QUEUE ? 0 : limit;
        return new Plan(id, timeout, own, conflict, pooled, List.copyOf(tasks), source);
    }

    private void addTasks(List<PlannedTask> tasks, int stage, int atMost, int index) {
        int likely = stage == 0 ? 7 : 2;
        for (int i = 0; i < atMost && choices.another("p" + index + " " + stage, likely, 8); i++) {
            tasks.add(task(tasks, stage, stage == 0 ? i + 1 : i, index));
            likely = stage == 0 ? 7 : 4;
        }
    }

    private PlannedTask task(List<PlannedTask> tasks, int stage, int position, int index) {
        List<String> needs = needs(ids(tasks, stage));
        Rule rule = choices.next(2) == 0 ? Rule.ALL_SUCCEEDED : Rule.values()[choices.next(5)];
        rule = needs.isEmpty() ? Rule.ALL_SUCCEEDED : rule;
        Kind kind = KINDS.get(choices.next(KINDS.size()));
        int child = index + 1 + choices.next(2);
        PlannedItems items = choices.oneIn(5) ? items(kind) : null;
        // What a hasty rule finds of the other needs depends on the order of things within a step.
        List<String> visible = new ArrayList<>(rule.isHasty() ? List.<String>of() : needs);
        for (int before = 0; before < stage; before++) {
            visible.addAll(ids(tasks, before));
        }
        PlannedCondition condition = choices.oneIn(4) ? condition(visible, tasks, stage) : PlannedCondition.NONE;
        String source = choices.oneIn(3) ? source(visible, tasks) : null;
        boolean works = kind == Kind.SHELL || kind == Kind.RUN;
        boolean declares = choices.oneIn(4) && works;
        boolean checks = declares && choices.oneIn(2);
        PlannedRetry chosen = choices.oneIn(3) ? retry() : PlannedRetry.NONE;
        PlannedRetry retry = kind == Kind.WAIT ? PlannedRetry.NONE : chosen;
        boolean timed = choices.oneIn(4) && kind != Kind.WAIT;
        return new PlannedTask(
                List.of("t", "f", "z").get(stage) + position,
                stage,
                needs,
                rule,
                kind,
                // One that is not there is refused.
                kind == Kind.RUN ? "p" + child : null,
                items,
                condition,
                works ? source : null,
                declares,
                checks,
                retry,
                timed ? 5_000 : 0,
                choices.oneIn(5) && kind == Kind.SHELL);
    }

    private List<String> needs(List<String> earlier) {
        int count = choices.next(4);
        Set<String> needs = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            int distance = choices.next(8);
            if (distance < earlier.size()) {
                needs.add(earlier.get(earlier.size() - 1 - distance));
            }
        }
        return List.copyOf(needs);
    }

    private PlannedItems items(Kind kind) {
        int length = choices.next(6);
        List<Long> list = switch (length) {
            case 0 -> List.of(1L, 2L, 3L);
            case 1 -> List.of();
            case 2 -> List.of(7L);
            case 3 ->
                choices.oneIn(6) && kind != Kind.RUN
                        ? LongStream.range(0, LONG_LIST).boxed().toList()
                        : List.of(4L, 5L);
            default -> null;
        };
        int window = choices.next(3);
        return new PlannedItems(list, window, PlannedItems.Policy.values()[choices.next(3)]);
    }

    private PlannedCondition condition(List<String> visible, List<PlannedTask> tasks, int stage) {
        int kind = choices.next(stage == 0 ? 4 : 5);
        String about = visible.isEmpty() ? "" : choices.oneOf(visible);
        String source = source(visible, tasks);
        long than = choices.next(3);
        return switch (kind) {
            case 0 -> new PlannedCondition(PlannedCondition.Kind.INPUT, "", than);
            case 1 -> new PlannedCondition(PlannedCondition.Kind.NEVER, "", 0);
            case 2 ->
                source == null
                        ? PlannedCondition.NONE
                        : new PlannedCondition(PlannedCondition.Kind.OUTPUT, source, than);
            case 3 ->
                about.isEmpty() ? PlannedCondition.NONE : new PlannedCondition(PlannedCondition.Kind.STATUS, about, 0);
            default -> new PlannedCondition(PlannedCondition.Kind.RUN_STATUS, RUN_STATUSES.get(choices.next(3)), 0);
        };
    }

    private @Nullable String source(List<String> visible, List<PlannedTask> tasks) {
        List<String> giving = tasks.stream()
                .filter(task -> visible.contains(task.id()) && task.gives())
                .map(PlannedTask::id)
                .toList();
        int choice = choices.next(8);
        return giving.isEmpty() ? null : giving.get(choice % giving.size());
    }

    private PlannedRetry retry() {
        int max = 1 + choices.next(3);
        PlannedRetry.Objection objection = PlannedRetry.Objection.values()[Math.max(0, choices.next(5) - 2)];
        return choices.next(2) == 0
                ? new PlannedRetry(max, objection, 1_000, 2, 0.2, 60_000)
                : new PlannedRetry(max, objection, 2_000, 3, 0, 5_000);
    }

    private static List<String> ids(List<PlannedTask> tasks, int stage) {
        return Collections.unmodifiableList(tasks.stream()
                .filter(task -> task.stage() == stage)
                .map(PlannedTask::id)
                .toList());
    }
}

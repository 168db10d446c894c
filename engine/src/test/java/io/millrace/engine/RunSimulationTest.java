package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.ForEach;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.TriggerRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random graphs under random happenings, stale and repeated ones among them: whatever the order, {@link RunStory} holds
 * the engine to its rules after every step, and a run whose tasks are all seen to comes to its end (G2 to G5), as often as
 * it is opened again.
 */
class RunSimulationTest {
    private static final int RUNS = 400;
    private static final int STEPS_BEFORE_PEACE = 120;

    @Test
    void everyRunKeepsTheRulesAndEnds() {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        for (int i = 0; i < RUNS; i++) {
            Random random = new Random(seed + i);
            String file = randomPipeline(random);
            RunStory story = RunStory.ofFile(file);
            try {
                live(story, random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "-Dmillrace.seed=" + (seed + i) + "\n" + file + String.join("\n", story.tale()), e);
            }
        }
    }

    private static void live(RunStory story, Random random) {
        story.starts();
        List<Input.Report> said = new ArrayList<>();
        liveToTheEnd(story, random, said);
        for (int life = random.nextInt(4); life > 0; life--) {
            story.reruns(chosen(story, random));
            if (story.lastEvent().type() == RunEventType.REPORT_REJECTED) {
                assertThat(story.isOpen()).as("open after a refusal").isFalse();
            }
            liveToTheEnd(story, random, said);
        }
        if (!said.isEmpty()) {
            story.happens(said.get(random.nextInt(said.size())));
            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
        }
    }

    /** Some of its tasks and items, or none: then all that did not succeed are meant. */
    private static String[] chosen(RunStory story, Random random) {
        List<String> chosen = new ArrayList<>();
        for (Task task : story.pipeline().tasks()) {
            if (random.nextInt(5) == 0) {
                int items = story.ended().items(task.id()).size();
                boolean item = items > 0 && random.nextBoolean();
                chosen.add((item ? task.id().item(random.nextInt(items)) : task.id()).value());
            }
        }
        return random.nextBoolean() ? new String[0] : chosen.toArray(String[]::new);
    }

    private static void liveToTheEnd(RunStory story, Random random, List<Input.Report> said) {
        for (int step = 0; story.isOpen() && step < STEPS_BEFORE_PEACE; step++) {
            happen(story, random, said);
        }
        while (story.isOpen()) {
            seeToEverything(story);
        }
        holdToTheEnd(story);
    }

    private static void happen(RunStory story, Random random, List<Input.Report> said) {
        List<TaskId> tasks = idsOf(story);
        TaskId task = tasks.get(random.nextInt(tasks.size()));
        TaskState state = story.task(task.value());
        Claimant claimant = new Claimant("w" + random.nextInt(3), "life" + random.nextInt(2));
        Delivery delivery = random.nextInt(4) > 0 || state.delivery().equals(Delivery.NONE)
                ? state.delivery()
                : new Delivery(1 + random.nextInt(state.delivery().attempt()), 1 + random.nextInt(3));
        if (delivery.equals(Delivery.NONE)) {
            delivery = new Delivery(1, 1);
        }
        Claimant holder = state.claimant() != null && random.nextInt(5) > 0 ? state.claimant() : claimant;
        Input input = switch (random.nextInt(12)) {
            case 0, 1, 2 -> new Input.TaskClaimed(task, delivery, claimant);
            case 3, 4 -> new Input.TaskSucceeded(task, delivery, holder, Document.EMPTY, null);
            case 5 ->
                new Input.TaskFailed(
                        task,
                        delivery,
                        holder,
                        new Failure(Failure.Kind.EXIT, "x", 1, null, List.of(), null, null, random.nextInt(5) > 0),
                        null);
            case 6 -> new Input.TaskReleased(task, delivery, holder, "stopping", null);
            case 7 -> new Input.WorkerLost(task, holder, "silent");
            case 8 -> new Input.TaskProgressed(task, delivery, holder, 0.5, "{\"at\":" + random.nextInt(9) + "}");
            case 9 -> new Input.TaskAnswered(commandId(random), task, random.nextInt(3) > 0, "ada", "as you like");
            case 10 -> childEnded(task, state, random);
            default -> new Input.TaskTimerDue(task);
        };
        if (input instanceof Input.Report report) {
            said.add(report);
        }
        if (random.nextInt(400) == 0) {
            input = new Input.CancelRun(commandId(random), "enough", null);
        }
        story.happens(input);
        if (story.isOpen()) {
            story.after(Duration.ofMillis(random.nextInt(2_000)));
        }
    }

    /** Few enough to come again, and sometimes none. */
    private static @Nullable CommandId commandId(Random random) {
        int key = random.nextInt(12);
        return key == 0 ? null : CommandId.ofCancel("any", "key" + key);
    }

    private static Input childEnded(TaskId task, TaskState state, Random random) {
        RunId child = state.childRun() == null || random.nextInt(5) == 0
                ? RunId.ofTask(new RunId("0123456789abcdefghjkmnpqrs"), task, 99)
                : state.childRun();
        RunStatus outcome = random.nextInt(4) == 0 ? RunStatus.FAILED : RunStatus.SUCCEEDED;
        return new Input.ChildEnded(task, child, outcome, Document.EMPTY, "as it was");
    }

    /** Its tasks, and the items of those that have any. */
    private static List<TaskId> idsOf(RunStory story) {
        List<TaskId> ids = new ArrayList<>();
        for (Task task : story.pipeline().tasks()) {
            ids.add(task.id());
            ItemCount items = story.task(task.id().value()).items();
            for (int index = 0; items != null && index < items.next(); index++) {
                ids.add(task.id().item(index));
            }
        }
        return ids;
    }

    /** What a working platform does to every task: claim what is queued, finish what is running, wait for retries. */
    private static void seeToEverything(RunStory story) {
        for (TaskId task : idsOf(story)) {
            if (story.isOpen()) {
                seeTo(story, task);
            }
        }
        if (story.isOpen()) {
            story.after(Duration.ofMinutes(2));
        }
    }

    private static void seeTo(RunStory story, TaskId task) {
        TaskState state = story.task(task.value());
        boolean deferred = state.status() == TaskStatus.DEFERRED;
        if (state.status() == TaskStatus.QUEUED || state.status() == TaskStatus.RUNNING) {
            story.succeeds(task.value());
        } else if (state.childRun() != null) {
            story.happens(new Input.ChildEnded(task, state.childRun(), RunStatus.SUCCEEDED, Document.EMPTY, null));
        } else if (deferred
                && story.pipeline().task(task.base()).action() instanceof Approval
                && state.items() == null) {
            story.happens(new Input.TaskAnswered(null, task, true, "ada", null));
        }
    }

    private static void holdToTheEnd(RunStory story) {
        assertThat(story.outcome()).isEqualTo(story.ended().status());
        List<List<RunEvent>> lives = new ArrayList<>();
        lives.add(new ArrayList<>());
        for (RunEvent event : story.events()) {
            if (event.type() == RunEventType.RUN_RERUN) {
                lives.add(new ArrayList<>());
            }
            lives.get(lives.size() - 1).add(event);
        }
        for (Task task : story.pipeline().tasks()) {
            assertThat(endsOf(task, lives.get(0)))
                    .as("the end of %s", task.id())
                    .isEqualTo(1);
            for (List<RunEvent> life : lives) {
                assertThat(endsOf(task, life))
                        .as("ends of %s in one life", task.id())
                        .isLessThan(2);
            }
            assertThat(story.ended().status(task.id()).hasEnded())
                    .as("%s has ended", task.id())
                    .isTrue();
        }
    }

    private static long endsOf(Task task, List<RunEvent> events) {
        return events.stream()
                .filter(event -> task.id().equals(event.task()))
                .filter(event -> switch (event.type()) {
                    case TASK_SUCCEEDED, TASK_FAILED, TASK_SKIPPED, TASK_UPSTREAM_FAILED, TASK_CANCELLED -> true;
                    default -> false;
                })
                .count();
    }

    private static String randomPipeline(Random random) {
        StringBuilder file = new StringBuilder("id: story\n");
        if (random.nextInt(6) == 0) {
            file.append("timeout: 3m\n");
        }
        appendTasks(file.append("tasks:\n"), "t", 1 + random.nextInt(8), random);
        if (random.nextInt(4) == 0) {
            appendTasks(file.append("on_failure:\n"), "f", 1 + random.nextInt(2), random);
        }
        if (random.nextInt(4) == 0) {
            appendTasks(file.append("finally:\n"), "z", 1 + random.nextInt(2), random);
        }
        return file.toString();
    }

    private static void appendTasks(StringBuilder file, String prefix, int size, Random random) {
        for (int i = 0; i < size; i++) {
            file.append("  - id: ").append(prefix).append(i).append('\n');
            String action = action(random);
            file.append("    ").append(action).append('\n');
            List<String> needs = new ArrayList<>();
            for (int j = 0; j < i; j++) {
                if (random.nextInt(3) == 0) {
                    needs.add(prefix + j);
                }
            }
            if (!needs.isEmpty()) {
                file.append("    needs: ").append(needs).append('\n');
                TriggerRule[] rules = TriggerRule.values();
                TriggerRule rule = random.nextBoolean() ? rules[0] : rules[random.nextInt(rules.length)];
                file.append("    trigger_rule: ")
                        .append(rule.name().toLowerCase(Locale.ROOT))
                        .append('\n');
            }
            if (random.nextInt(5) == 0) {
                ForEach.ItemFailure[] policies = ForEach.ItemFailure.values();
                file.append("    for_each: {items: ")
                        .append(List.of("[]", "[1]", "[1, 2, 3]", "[a, b, c, d, e, f, g]")
                                .get(random.nextInt(4)))
                        .append(random.nextBoolean() ? ", max_parallel: 2" : "")
                        .append(", on_item_failure: ")
                        .append(policies[random.nextInt(policies.length)].name().toLowerCase(Locale.ROOT))
                        .append("}\n");
            }
            boolean endsByItself = action.startsWith("wait");
            if (!endsByItself && random.nextInt(3) == 0) {
                String condition = random.nextBoolean() ? ", if: error.attempt < 2 && error.kind != 'timeout'" : "";
                file.append("    retry: {max: ")
                        .append(random.nextInt(4))
                        .append(condition)
                        .append("}\n");
            }
            if (!endsByItself && random.nextInt(4) == 0) {
                file.append("    timeout: 5s\n");
            }
            if (action.startsWith("shell") && random.nextInt(6) == 0) {
                file.append("    on_worker_loss: fail\n");
            }
            if (random.nextInt(6) == 0) {
                file.append("    if: ")
                        .append(random.nextBoolean() ? "1 < 2" : "2 < 1")
                        .append('\n');
            }
        }
    }

    private static String action(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> "wait: 3s";
            case 1 -> "approval: May it go on?";
            case 2 -> "run: other";
            default -> "shell: \"true\"";
        };
    }
}

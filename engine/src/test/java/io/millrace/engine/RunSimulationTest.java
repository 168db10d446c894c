package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random graphs under random happenings, stale and repeated ones among them: whatever the order, {@link RunStory} holds
 * the engine to its rules after every step, and a run whose tasks are all seen to comes to its end (G2 to G5).
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
        for (int step = 0; story.isOpen() && step < STEPS_BEFORE_PEACE; step++) {
            happen(story, random, said);
        }
        while (story.isOpen()) {
            seeToEverything(story);
        }
        holdToTheEnd(story);
        if (!said.isEmpty()) {
            story.happens(said.get(random.nextInt(said.size())));
            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
        }
    }

    private static void happen(RunStory story, Random random, List<Input.Report> said) {
        List<Task> tasks = List.copyOf(story.pipeline().tasks());
        TaskId task = tasks.get(random.nextInt(tasks.size())).id();
        TaskState state = story.task(task.value());
        Claimant claimant = new Claimant("w" + random.nextInt(3), "life" + random.nextInt(2));
        Delivery delivery = random.nextInt(4) > 0 || state.delivery().equals(Delivery.NONE)
                ? state.delivery()
                : new Delivery(1 + random.nextInt(state.delivery().attempt()), 1 + random.nextInt(3));
        if (delivery.equals(Delivery.NONE)) {
            delivery = new Delivery(1, 1);
        }
        Claimant holder = state.claimant() != null && random.nextInt(5) > 0 ? state.claimant() : claimant;
        Input input = switch (random.nextInt(9)) {
            case 0, 1, 2 -> new Input.TaskClaimed(task, delivery, claimant);
            case 3, 4 -> new Input.TaskSucceeded(task, delivery, holder, Document.EMPTY, null);
            case 5 ->
                new Input.TaskFailed(
                        task,
                        delivery,
                        holder,
                        new Failure(Failure.Kind.EXIT, "x", 1, null, List.of(), random.nextInt(5) > 0),
                        null);
            case 6 -> new Input.TaskReleased(task, delivery, holder, "stopping", null);
            case 7 -> new Input.WorkerLost(task, holder, "silent");
            default -> new Input.TaskTimerDue(task);
        };
        if (input instanceof Input.Report report) {
            said.add(report);
        }
        if (random.nextInt(400) == 0) {
            input = new Input.CancelRun("enough");
        }
        story.happens(input);
        if (story.isOpen()) {
            story.after(Duration.ofMillis(random.nextInt(2_000)));
        }
    }

    /** What a working platform does to every task: claim what is queued, finish what is running, wait for retries. */
    private static void seeToEverything(RunStory story) {
        for (Task task : story.pipeline().tasks()) {
            if (story.isOpen()) {
                TaskStatus status = story.task(task.id().value()).status();
                if (status == TaskStatus.QUEUED || status == TaskStatus.RUNNING) {
                    story.succeeds(task.id().value());
                }
            }
        }
        if (story.isOpen()) {
            story.after(Duration.ofMinutes(2));
        }
    }

    private static void holdToTheEnd(RunStory story) {
        assertThat(story.outcome()).isNotNull();
        for (Task task : story.pipeline().tasks()) {
            List<RunEvent> ends = story.events().stream()
                    .filter(event -> task.id().equals(event.task()))
                    .filter(event -> switch (event.type()) {
                        case TASK_SUCCEEDED, TASK_FAILED, TASK_SKIPPED, TASK_CANCELLED -> true;
                        default -> false;
                    })
                    .toList();
            assertThat(ends).as("the end of %s", task.id()).hasSize(1);
        }
    }

    private static String randomPipeline(Random random) {
        int size = 1 + random.nextInt(8);
        StringBuilder file = new StringBuilder("id: story\n");
        if (random.nextInt(6) == 0) {
            file.append("timeout: 3m\n");
        }
        file.append("tasks:\n");
        for (int i = 0; i < size; i++) {
            file.append("  - id: t").append(i).append("\n    shell: \"true\"\n");
            List<String> needs = new ArrayList<>();
            for (int j = 0; j < i; j++) {
                if (random.nextInt(3) == 0) {
                    needs.add("t" + j);
                }
            }
            if (!needs.isEmpty()) {
                file.append("    needs: ").append(needs).append('\n');
            }
            if (random.nextInt(3) == 0) {
                file.append("    retry: ").append(random.nextInt(4)).append('\n');
            }
            if (random.nextInt(4) == 0) {
                file.append("    timeout: 5s\n");
            }
            if (random.nextInt(6) == 0) {
                file.append("    on_worker_loss: fail\n");
            }
            if (random.nextInt(6) == 0) {
                file.append("    if: ")
                        .append(random.nextBoolean() ? "1 < 2" : "2 < 1")
                        .append('\n');
            }
        }
        return file.toString();
    }
}

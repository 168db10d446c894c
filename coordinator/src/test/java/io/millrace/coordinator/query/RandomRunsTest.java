package io.millrace.coordinator.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.audit.log.AuditEvents;
import io.millrace.engine.Claimant;
import io.millrace.engine.Decision;
import io.millrace.engine.Delivery;
import io.millrace.engine.Failure;
import io.millrace.engine.Input;
import io.millrace.engine.Limits;
import io.millrace.engine.RunDecider;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunReplay;
import io.millrace.engine.RunState;
import io.millrace.engine.RunStatus;
import io.millrace.engine.RunTrigger;
import io.millrace.engine.TaskState;
import io.millrace.engine.TaskStatus;
import io.millrace.event.Cause;
import io.millrace.expression.Document;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Runs that live and are opened again by chance: after every step what the API shows of them is what the engine knows, and
 * what the audit log has of an event is read back the same (G10).
 */
class RandomRunsTest {
    private static final int RUNS = 150;
    private static final int MOST_STEPS = 400;
    private static final Claimant WORKER = new Claimant("w1", "life1");
    private static final Pipeline PIPELINE =
            PipelineParser.parse("story.yaml", """
                    id: story
                    timeout: 2m
                    tasks:
                      - {id: a, shell: "true", retry: {max: 1, backoff: 1s}}
                      - {id: b, shell: "true", needs: a, for_each: {items: tasks.a.output.list, max_parallel: 2}}
                      - {id: c, shell: "true", needs: a, for_each: {items: "[1, 2]", on_item_failure: ignore}}
                      - {id: d, shell: "true", needs: [b, c], trigger_rule: any_failed}
                      - {id: e, shell: "true", needs: [b, c]}
                      - {id: f, run: other, needs: a, if: 1 < 2}
                      - {id: g, wait: 3s, needs: f}
                      - {id: h, approval: May it go on?, needs: f}
                      - {id: i, shell: "true", needs: a, if: 1 > 2}
                    on_failure:
                      - {id: mend, shell: "true"}
                    finally:
                      - {id: clean, shell: "true"}
                    """).pipeline().orElseThrow();

    private final RunDecider decider = new RunDecider(Limits.STANDARD);
    private final RunId id = new RunId("0123456789abcdefghjkmnpqrs");
    private final Random random;
    private final List<String> tale = new ArrayList<>();
    private RunFold fold = new RunFold(Optional.of(PIPELINE));
    private RunReplay replay = new RunReplay(id, PIPELINE, 1);
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private @Nullable RunState state;
    private @Nullable RunHead head;
    private int reruns;

    RandomRunsTest() {
        this.random = new Random();
    }

    @Test
    void looksInTheApiAsTheEngineKnowsThem() {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        for (int run = 0; run < RUNS; run++) {
            begin(seed + run);
            try {
                live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dmillrace.seed=" + (seed + run) + "\n" + String.join("\n", tale), e);
            }
        }
    }

    private void begin(long seed) {
        random.setSeed(seed);
        tale.clear();
        fold = new RunFold(Optional.of(PIPELINE));
        replay = new RunReplay(id, PIPELINE, 1);
        state = null;
        reruns = 0;
    }

    private void live() {
        RunTrigger trigger = new RunTrigger(RunTrigger.Kind.API, "test", null, null, null, null, null);
        happens(new Input.StartRun(Document.EMPTY, trigger, 1));
        for (int step = 0; step < MOST_STEPS; step++) {
            now = now.plusMillis(random.nextInt(1_500));
            RunState open = state;
            if (open != null) {
                happens(something(open));
            } else if (random.nextInt(4) > 0) {
                happens(new Input.RerunRun(null, chosen(), "again", null));
            } else {
                return;
            }
        }
    }

    private List<TaskId> chosen() {
        List<TaskId> known = new ArrayList<>(replay.state().tasks().keySet());
        return random.nextBoolean()
                ? List.of()
                : List.of(known.get(random.nextInt(known.size())), known.get(random.nextInt(known.size())));
    }

    private Input something(RunState open) {
        List<Map.Entry<TaskId, TaskState>> under = open.tasks().entrySet().stream()
                .filter(task -> !task.getValue().status().hasEnded())
                .filter(task -> task.getValue().status() != TaskStatus.WAITING)
                .toList();
        if (under.isEmpty() || random.nextInt(60) == 0) {
            return random.nextBoolean() ? new Input.CancelRun(null, "enough", null) : new Input.RunTimerDue();
        }
        Map.Entry<TaskId, TaskState> any = under.get(random.nextInt(under.size()));
        TaskId task = any.getKey();
        Delivery delivery = any.getValue().delivery();
        return switch (any.getValue().status()) {
            case QUEUED -> new Input.TaskClaimed(task, delivery, WORKER);
            case RUNNING ->
                switch (random.nextInt(8)) {
                    case 0 -> new Input.TaskReleased(task, delivery, WORKER, "stopping", null);
                    case 1 -> new Input.WorkerLost(task, WORKER, "silent");
                    case 2 -> new Input.TaskProgressed(task, delivery, WORKER, 0.5, "{\"at\":3}");
                    case 3, 4 ->
                        new Input.TaskFailed(task, delivery, WORKER, Failure.retryable(Failure.Kind.EXIT, "1"), null);
                    default -> new Input.TaskSucceeded(task, delivery, WORKER, output(), null);
                };
            default -> deferred(task, any.getValue());
        };
    }

    /** The list that others run over is another one each time. */
    private Document output() {
        return Document.ofValue(Map.of("list", Collections.nCopies(random.nextInt(6), 1L)));
    }

    private Input deferred(TaskId task, TaskState at) {
        RunId child = at.childRun();
        if (child != null && random.nextBoolean()) {
            RunStatus outcome = random.nextInt(3) == 0 ? RunStatus.FAILED : RunStatus.SUCCEEDED;
            return new Input.ChildEnded(task, child, outcome, Document.EMPTY, "as it was");
        }
        return random.nextBoolean()
                ? new Input.TaskTimerDue(task)
                : new Input.TaskAnswered(null, task, random.nextInt(4) > 0, "ada", null);
    }

    private void happens(Input input) {
        RunState before = state;
        Decision decision = before == null && input instanceof Input.RerunRun rerun
                ? decider.rerun(replay, rerun, now)
                : decider.decide(id, before, PIPELINE, input, now);
        state = RunState.after(id, before, decision);
        head = state == null ? head : state.head();
        for (RunEvent event : decision.events()) {
            tale.add(event.type() + " " + event.task() + " " + event.delivery() + " → " + event.dispatched());
            io.millrace.event.RunEvent avro =
                    AuditEvents.toAvro(id, head, event, Cause.newBuilder().build());
            assertThat(AuditEvents.fromAvro(avro)).isEqualTo(event);
            replay.add(event);
            fold.add(avro);
            reruns += event.type() == io.millrace.engine.RunEventType.RUN_RERUN ? 1 : 0;
        }
        compare();
    }

    private void compare() {
        RunView view = fold.view(Integer.MAX_VALUE).orElseThrow();
        assertThat(view.summary().status()).isEqualTo(replay.status());
        assertThat(view.summary().reruns()).isEqualTo(reruns);
        RunState known = state == null ? replay.state() : state;
        for (TaskView shown : view.tasks()) {
            TaskState task = known.task(new TaskId(shown.id()), PIPELINE);
            assertThat(shown.status().name())
                    .as(shown.id())
                    .isEqualTo(task.status().name());
            assertThat(shown.attempt()).as(shown.id()).isEqualTo(task.delivery().attempt());
            assertThat(shown.epoch()).as(shown.id()).isEqualTo(task.delivery().epoch());
            assertThat(shown.output().map(Document::stored))
                    .as(shown.id())
                    .isEqualTo(Optional.ofNullable(task.output()));
            assertThat(shown.worker().isPresent() || task.claimant() == null)
                    .as(shown.id())
                    .isTrue();
        }
        assertThat(view.tasks())
                .as("whatever has begun is shown, and of the rest what the run still has")
                .extracting(TaskView::id)
                .containsAll(known.tasks().entrySet().stream()
                        .filter(task -> task.getValue().status() != TaskStatus.WAITING)
                        .map(task -> task.getKey().value())
                        .toList());
        if (state == null) {
            assertThat(view.tasks())
                    .allSatisfy(shown -> assertThat(shown.status())
                            .as(shown.id())
                            .isNotEqualTo(TaskPhase.QUEUED)
                            .isNotEqualTo(TaskPhase.RUNNING));
        }
    }
}

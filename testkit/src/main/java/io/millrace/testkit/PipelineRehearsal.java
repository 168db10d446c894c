package io.millrace.testkit;

import io.millrace.engine.Failure;
import io.millrace.engine.RunStatus;
import io.millrace.engine.RunTrigger;
import io.millrace.expression.Document;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rehearsal of a pipeline, put together step by step, for tests in Java:
 *
 * <pre>{@code
 * RehearsalResult run = PipelineRehearsal.of(Path.of("fraud_score.yaml"))
 *         .input("customer", "ada")
 *         .given("predict").fails(Failures.exit(1)).thenGives(Map.of("score", 0.97)).taking(Duration.ofSeconds(40))
 *         .run();
 * assertEquals(2, run.task("predict").attempts());
 * }</pre>
 *
 * <p>A task of which nothing is said succeeds with an empty output; one that declares outputs or has a check needs a word, unless
 * {@link #unmocked} says otherwise.
 *
 * <p><b>Threading:</b> not thread-safe.
 */
public final class PipelineRehearsal {
    private final Pipeline pipeline;
    private final Map<String, @Nullable Object> inputs = new LinkedHashMap<>();
    private final Map<TaskId, List<Mock.Part>> parts = new LinkedHashMap<>();
    private RunPlan plan;
    private Unmocked unmocked = Unmocked.REFUSE;

    private PipelineRehearsal(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.plan = RunPlan.of(pipeline);
    }

    /**
     * Of the pipeline in this file.
     *
     * @throws UncheckedIOException when the file cannot be read
     * @throws IllegalStateException when there are problems in it; the message lists them with their places
     */
    public static PipelineRehearsal of(Path file) {
        try {
            return of(PipelineParser.parse(file.toString(), Files.readAllBytes(file))
                    .orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException("the pipeline " + file + " cannot be read", e);
        }
    }

    /** Of this pipeline. */
    public static PipelineRehearsal of(Pipeline pipeline) {
        return new PipelineRehearsal(pipeline);
    }

    /** With this input. @param value a JSON value: null, String, Boolean, a number, List, or Map with String keys */
    public PipelineRehearsal input(String name, @Nullable Object value) {
        inputs.put(name, value);
        return this;
    }

    /** With these inputs. */
    public PipelineRehearsal inputs(Map<String, ?> values) {
        inputs.putAll(values);
        return this;
    }

    /** Started by this, and not by a call of the API. */
    public PipelineRehearsal triggeredBy(RunTrigger trigger) {
        plan = plan.triggeredBy(trigger);
        return this;
    }

    /** Begun at this moment of the virtual clock, and not at {@link RunPlan#BEGIN}. */
    public PipelineRehearsal beginning(Instant at) {
        plan = plan.beginning(at);
        return this;
    }

    /** Cancelled so long after its begin, if it has not ended by then. */
    public PipelineRehearsal cancelledAfter(Duration time, String reason) {
        plan = plan.cancelledAfter(time, reason);
        return this;
    }

    /** What becomes of tasks of which nothing is said. */
    public PipelineRehearsal unmocked(Unmocked rule) {
        unmocked = rule;
        return this;
    }

    /**
     * Says what becomes of a task or, as in {@code resize[3]}, of an item; what is said of a task counts for all of its items.
     *
     * @throws IllegalArgumentException when the pipeline has no such task
     */
    public Given given(String task) {
        TaskId id = new TaskId(task);
        pipeline.task(id.base());
        return new Given(id);
    }

    /**
     * Rehearses the run, to its end or until it waits for something that will not come.
     *
     * @throws IllegalStateException when a task would need a word and there is none; the message says which, and how it looks
     */
    public RehearsalResult run() {
        Map<TaskId, Mock> byTask = new LinkedHashMap<>();
        parts.forEach((task, said) -> byTask.put(task, mock(said)));
        Mocks mocks = new Mocks(byTask);
        RehearsalResult run = Rehearsal.run(pipeline, plan.withInputs(Document.of(inputs)), mocks, unmocked);
        List<String> missing = MissingMocks.of(run, mocks);
        if (!missing.isEmpty()) {
            throw new IllegalStateException(String.join("\n", missing));
        }
        return run;
    }

    /** The last word counts for all attempts that follow, unless it says for how many it does. */
    private static Mock mock(List<Mock.Part> said) {
        List<Mock.Part> all = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            Mock.Part part = said.get(i);
            int open = i == said.size() - 1 ? Mock.ALWAYS : 1;
            all.add(part.times() > 0 ? part : new Mock.Part(part.outcome(), open));
        }
        return new Mock(all);
    }

    /** What becomes of one task, attempt by attempt: each word is for the attempt after that of the word before. */
    public final class Given {
        private final TaskId task;
        private final List<Mock.Part> said;
        private @Nullable Outcome last;

        private Given(TaskId task) {
            this.task = task;
            this.said = parts.computeIfAbsent(task, first -> new ArrayList<>());
        }

        /** It succeeds with this output; of a task that starts a run, that run does. */
        public Given gives(Map<String, ?> output) {
            return then(Outcome.gives(output));
        }

        /** The same as {@link #gives}, for the attempt after the last. */
        public Given thenGives(Map<String, ?> output) {
            return gives(output);
        }

        /** It fails, see {@link Failures}; of a task that starts a run, that run does. */
        public Given fails(Failure failure) {
            return then(Outcome.fails(failure));
        }

        /** The same as {@link #fails}, for the attempt after the last. */
        public Given thenFails(Failure failure) {
            return fails(failure);
        }

        /** Its worker is lost. */
        public Given losesItsWorker() {
            return then(Outcome.losesWorker());
        }

        /** It does not end by itself. */
        public Given neverEnds() {
            return then(Outcome.neverEnds());
        }

        /** Somebody approves. */
        public Given isApprovedBy(String by) {
            return then(Outcome.approvedBy(by));
        }

        /** Somebody rejects. */
        public Given isRejectedBy(String by) {
            return then(Outcome.rejectedBy(by, null));
        }

        /** The run that it started ends so. */
        public Given endsItsRun(RunStatus status, String reason) {
            return then(Outcome.runEnds(status, reason));
        }

        /**
         * Any outcome.
         *
         * @throws IllegalArgumentException when a task of this kind cannot end so
         */
        public Given then(Outcome outcome) {
            String kind = pipeline.task(task.base()).action().kind();
            if (!outcome.ending().fits(pipeline.task(task.base()).action())) {
                throw new IllegalArgumentException("the task " + task + " is of the kind " + kind
                        + ", which cannot end like this: " + outcome.ending());
            }
            said.add(new Mock.Part(attempt -> outcome, 0));
            last = outcome;
            return this;
        }

        /** The last word is of an attempt that takes this long; of an answer, that is given after this time. */
        public Given taking(Duration time) {
            Outcome taking = said().taking(time);
            last = taking;
            replace(new Mock.Part(attempt -> taking, said.get(said.size() - 1).times()));
            return this;
        }

        /** The last word counts for so many attempts. */
        public Given times(int attempts) {
            if (attempts < 1) {
                throw new IllegalArgumentException("it counts for at least one attempt, and not for " + attempts);
            }
            Outcome outcome = said();
            replace(new Mock.Part(attempt -> outcome, attempts));
            return this;
        }

        /** Says what becomes of another task. */
        public Given given(String other) {
            return PipelineRehearsal.this.given(other);
        }

        /** Back to what concerns the whole run. */
        public PipelineRehearsal and() {
            return PipelineRehearsal.this;
        }

        /** See {@link PipelineRehearsal#run}. */
        public RehearsalResult run() {
            return PipelineRehearsal.this.run();
        }

        private Outcome said() {
            if (last == null) {
                throw new IllegalStateException("nothing has been said of " + task + " yet");
            }
            return last;
        }

        private void replace(Mock.Part part) {
            said.set(said.size() - 1, part);
        }
    }
}

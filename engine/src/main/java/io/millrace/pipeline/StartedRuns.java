package io.millrace.pipeline;

import io.millrace.expression.Place;
import io.millrace.expression.Suggestion;
import io.millrace.expression.Template;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The runs that a pipeline's tasks start ({@code run: other}), held against the pipelines that are started: what a task hands over in
 * {@code with} must be what the other pipeline declares as its inputs. One file alone cannot tell; whoever knows several can.
 */
public final class StartedRuns {
    private static final Place START = new Place(1, 1);

    private final Pipeline pipeline;
    private final Outline outline;
    private final Problems problems;

    private StartedRuns(Pipeline pipeline, Outline outline, Problems problems) {
        this.pipeline = pipeline;
        this.outline = outline;
        this.problems = problems;
    }

    /** The other pipelines of which a pipeline's tasks start runs, in file order. */
    public static Set<PipelineId> of(Pipeline pipeline) {
        Set<PipelineId> started = new LinkedHashSet<>();
        for (Task task : pipeline.tasks()) {
            if (task.action() instanceof RunPipeline run && !run.pipeline().equals(pipeline.id())) {
                started.add(run.pipeline());
            }
        }
        return started;
    }

    /**
     * Finds inputs that the other pipeline does not declare, those that it needs and is not given, and values that cannot be of the
     * declared type, whatever the run's own inputs will be. A pipeline that starts itself is held against itself.
     *
     * @param fileName the name of the file, as problems are to show it
     * @param source the text that the pipeline was read from
     * @param known the current version of another pipeline; nothing is said of runs of one that is not known. Asked once for each
     * @return the problems in file order; empty when there are none
     */
    public static List<Problem> problems(
            String fileName, String source, Pipeline pipeline, Function<PipelineId, Optional<Pipeline>> known) {
        if (pipeline.tasks().stream().noneMatch(task -> task.action() instanceof RunPipeline)) {
            return List.of();
        }
        Map<PipelineId, Pipeline> others = new LinkedHashMap<>();
        of(pipeline).forEach(id -> known.apply(id).ifPresent(other -> others.put(id, other)));
        others.put(pipeline.id(), pipeline);
        Problems problems = new Problems(fileName);
        StartedRuns runs = new StartedRuns(pipeline, Outline.of(source), problems);
        runs.check(others);
        return problems.sorted();
    }

    private void check(Map<PipelineId, Pipeline> others) {
        for (Task task : pipeline.tasks()) {
            if (task.action() instanceof RunPipeline run) {
                Optional.ofNullable(others.get(run.pipeline())).ifPresent(other -> check(task, other));
            }
        }
    }

    private void check(Task task, Pipeline other) {
        Map<String, Template> given = task.with().members();
        given.forEach((name, value) -> {
            InputSpec input = other.inputs().get(name);
            if (input == null) {
                unknown(task, name, other);
            } else {
                value.mismatch(input.type())
                        .ifPresent(found -> problems.add(
                                outline.placeInTask(task.id(), "with", name).orElseGet(() -> placeOfRun(task)),
                                "the input `" + name + "` of the pipeline " + other.id() + " is " + found,
                                input.type().describe()));
            }
        });
        for (InputSpec input : other.inputs().values()) {
            if (input.required() && !given.containsKey(input.name())) {
                problems.add(
                        placeOfRun(task),
                        "the pipeline " + other.id() + " needs the input `" + input.name() + "`",
                        "it in `with`: " + input.type().describe());
            }
        }
    }

    private void unknown(Task task, String name, Pipeline other) {
        Set<String> declared = other.inputs().keySet();
        Set<String> given = task.with().members().keySet();
        problems.add(
                outline.placeOfKeyInTask(task.id(), "with", name).orElseGet(() -> placeOfRun(task)),
                "the pipeline " + other.id() + " has no input `" + name + "`",
                Optional.of(declared.isEmpty() ? "none, for it declares none" : Problems.oneOf(declared)),
                Suggestion.of(
                        name,
                        declared.stream()
                                .filter(input -> !given.contains(input))
                                .toList()));
    }

    private Place placeOfRun(Task task) {
        return outline.placeInTask(task.id(), "run")
                .or(() -> outline.placeInTask(task.id()))
                .orElse(START);
    }
}

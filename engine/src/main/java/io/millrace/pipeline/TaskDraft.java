package io.millrace.pipeline;

import io.millrace.expression.Place;
import io.millrace.expression.ValueType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A task as far as it can be read by itself: its needs and expressions are not yet held against the rest of the pipeline. */
record TaskDraft(
        String id,
        Place place,
        Optional<String> description,
        Stage stage,
        List<Need> needs,
        TriggerRule triggerRule,
        Optional<ScalarNode> condition,
        Optional<ForEachDraft> forEach,
        Optional<String> kind,
        Optional<ActionDraft> action,
        Optional<Node> with,
        List<Nodes.Member> env,
        Map<String, ValueType> outputs,
        Optional<ScalarNode> check,
        RetrySettings retry,
        Optional<Duration> timeout,
        Optional<Long> memoryBytes,
        Optional<String> queue,
        Optional<WorkerLoss> onWorkerLoss,
        List<String> files) {
    /** The id of a task that has no id of its own: none, or one that is taken. Such a task is read for its problems alone. */
    static final String NAMELESS = "unnamed task";

    TaskDraft nameless() {
        return new TaskDraft(
                NAMELESS,
                place,
                description,
                stage,
                List.of(),
                triggerRule,
                condition,
                forEach,
                kind,
                action,
                with,
                env,
                outputs,
                check,
                retry,
                timeout,
                memoryBytes,
                queue,
                onWorkerLoss,
                files);
    }

    /** The members of its output, as far as they are known: those that its kind gives, and those that it declares. */
    Map<String, ValueType> expectedOutputs() {
        Map<String, ValueType> expected =
                new LinkedHashMap<>(action.map(ActionDraft::outputs).orElse(Map.of()));
        expected.putAll(outputs);
        return expected;
    }

    /** A {@code for_each} whose list is not compiled yet. */
    record ForEachDraft(Node items, int maxParallel, ForEach.ItemFailure onItemFailure) {}

    /** A task that is needed, and where that is written. */
    record Need(String task, Place place) {}
}

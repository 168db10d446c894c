package io.millrace.pipeline;

import io.millrace.expression.Condition;
import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import io.millrace.expression.Template;
import io.millrace.expression.Viewpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Makes tasks out of drafts: compiles their expressions, and fills in the pipeline's defaults. */
final class TaskAssembly {
    static final String DEFAULT_QUEUE = "default";

    private final Nodes nodes;
    private final Problems problems;
    private final Expressions expressions;
    private final TaskGraph graph;
    private final Defaults defaults;
    private final Environment defaultEnv;

    TaskAssembly(Nodes nodes, Problems problems, Expressions expressions, TaskGraph graph, Defaults defaults) {
        this.nodes = nodes;
        this.problems = problems;
        this.expressions = expressions;
        this.graph = graph;
        this.defaults = defaults;
        this.defaultEnv = env(defaults.env(), new Viewpoint("", task -> false));
    }

    /** A draft with its expressions compiled; without what could not be compiled, for which there are problems. */
    record Parts(
            TaskDraft draft,
            Optional<Condition> condition,
            Optional<ForEach> forEach,
            Optional<Condition> retryCondition,
            Optional<Action> action,
            Template with,
            Environment env,
            Optional<Condition> check) {}

    Parts parts(TaskDraft draft) {
        Viewpoint before = new Viewpoint(draft.id(), other -> graph.reaches(draft.id(), other));
        Viewpoint viewpoint = draft.forEach().isPresent() ? before.with(Local.ITEM, Local.INDEX) : before;
        Viewpoint afterwards = viewpoint.with(Local.OUTPUT);
        Optional<ScalarNode> retryIf =
                draft.retry().condition().or(() -> retryOf(draft).condition());
        return new Parts(
                draft,
                draft.condition().flatMap(node -> condition(node, before)),
                draft.forEach().flatMap(forEach -> forEach(forEach, before)),
                retryIf.flatMap(node -> condition(node, viewpoint.with(Local.ERROR))),
                draft.action().flatMap(action -> action.compile(templates(viewpoint))),
                draft.with().flatMap(node -> templates(viewpoint).value(node)).orElse(Template.EMPTY),
                (hasUse(draft, "env") ? defaultEnv : Environment.NONE).with(env(draft.env(), viewpoint)),
                draft.check().flatMap(node -> condition(node, afterwards)));
    }

    /** The task of a draft in which there were no problems. */
    Task task(Parts parts) {
        TaskDraft draft = parts.draft();
        return new Task(
                new TaskId(draft.id()),
                draft.description(),
                draft.stage(),
                draft.needs().stream().map(need -> new TaskId(need.task())).toList(),
                draft.triggerRule(),
                parts.condition(),
                parts.forEach(),
                parts.action().orElseThrow(),
                parts.with(),
                parts.env().values(),
                parts.env().secrets(),
                draft.outputs(),
                draft.retry().policy(retryOf(draft), parts.retryCondition()),
                timeout(parts),
                draft.memoryBytes().or(() -> defaults.memoryBytes().filter(bytes -> hasUse(draft, "memory"))),
                draft.queue()
                        .or(() -> defaults.queue().filter(queue -> hasUse(draft, "queue")))
                        .orElse(DEFAULT_QUEUE),
                draft.onWorkerLoss()
                        .or(() -> defaults.onWorkerLoss().filter(loss -> hasUse(draft, "on_worker_loss")))
                        .orElse(WorkerLoss.RETRY),
                draft.files(),
                parts.check());
    }

    /** Whether a key of {@code defaults} is meant for the task, too; of a task without a readable kind that does not matter. */
    private static boolean hasUse(TaskDraft draft, String key) {
        return draft.kind().filter(kind -> KeyUse.has(kind, key)).isPresent();
    }

    private RetrySettings retryOf(TaskDraft draft) {
        return hasUse(draft, "retry") ? defaults.retry() : RetrySettings.NONE;
    }

    /** The default is meant for what is executed: what waits for a person or a clock may wait. */
    private Optional<Duration> timeout(Parts parts) {
        return parts.action().orElseThrow() instanceof Deferred
                ? parts.draft().timeout()
                : parts.draft().timeout().or(defaults::timeout);
    }

    private Optional<ForEach> forEach(TaskDraft.ForEachDraft draft, Viewpoint viewpoint) {
        return items(draft.items(), viewpoint)
                .map(items -> new ForEach(items, draft.maxParallel(), draft.onItemFailure()));
    }

    private Optional<Template> items(Node node, Viewpoint viewpoint) {
        if (node instanceof SequenceNode) {
            return templates(viewpoint).value(node);
        }
        if (Nodes.isText(node)) {
            return templates(viewpoint).list((ScalarNode) node);
        }
        problems.add(
                nodes.source().place(node),
                "`for_each` is " + nodes.describe(node),
                "a list, or an expression that gives one");
        return Optional.empty();
    }

    /** The outputs of the pipeline. */
    Map<String, Template> outputs(Block pipeline) {
        Viewpoint afterwards = new Viewpoint(Viewpoint.RUN, graph::isMain);
        Map<String, Template> outputs = new LinkedHashMap<>();
        for (Nodes.Member member : pipeline.object("outputs", PipelineLimits.OUTPUTS)) {
            if (Names.isMember(member.name())) {
                templates(afterwards).value(member.value()).ifPresent(value -> outputs.put(member.name(), value));
            } else {
                problems.add(
                        nodes.source().place(member.key()),
                        "\"" + member.name() + "\" is no name for an output",
                        Names.MEMBER_RULE);
            }
        }
        return outputs;
    }

    private Optional<Condition> condition(ScalarNode node, Viewpoint viewpoint) {
        return expressions.condition(nodes.source().excerpt(node), viewpoint, problems::add);
    }

    private Environment env(List<Nodes.Member> members, Viewpoint viewpoint) {
        Map<String, Template> values = new LinkedHashMap<>();
        Map<String, String> secrets = new LinkedHashMap<>();
        for (Nodes.Member member : members) {
            Optional<String> secret = SecretReference.in(member.value());
            if (secret.isPresent()) {
                secrets.put(member.name(), secret.get());
            } else {
                variable(member, viewpoint).ifPresent(value -> values.put(member.name(), value));
            }
        }
        return new Environment(values, secrets);
    }

    private Optional<Template> variable(Nodes.Member member, Viewpoint viewpoint) {
        if (member.value() instanceof ScalarNode scalar && scalar.getValue().indexOf('\0') >= 0) {
            problems.add(
                    nodes.source().excerpt(scalar).places().at(scalar.getValue().indexOf('\0')),
                    "a NUL character cannot be passed to a process");
            return Optional.empty();
        }
        return templates(viewpoint).text(member.value(), "the variable " + member.name());
    }

    private Templates templates(Viewpoint viewpoint) {
        return new Templates(nodes, problems, expressions, viewpoint);
    }
}

package io.millrace.pipeline;

import io.millrace.expression.Condition;
import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import io.millrace.expression.Suggestion;
import io.millrace.expression.Template;
import io.millrace.expression.Viewpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads what starts runs of a pipeline by itself. */
final class TriggersReader {
    private static final List<String> KINDS = List.of("schedule", "webhook", "kafka", "upstream", "files");
    private static final List<String> KEYS =
            List.of("id", "schedule", "webhook", "kafka", "upstream", "files", "filter", "inputs");

    private final Nodes nodes;
    private final Problems problems;
    private final TaskReader ids;
    private final Map<String, TriggerSourceReader> sources;

    TriggersReader(Nodes nodes, Problems problems, TaskReader ids) {
        this.nodes = nodes;
        this.problems = problems;
        this.ids = ids;
        this.sources = Map.of(
                "schedule", new ScheduleReader(nodes, problems),
                "webhook", new WebhookReader(nodes, problems),
                "kafka", new KafkaSourceReader(nodes, problems),
                "upstream", new UpstreamReader(nodes, problems),
                "files", new FilesReader(nodes, problems, ids));
    }

    /** The triggers in file order; those without problems. */
    List<TriggerDefinition> read(Block pipeline, Map<String, InputSpec> inputs, Expressions expressions) {
        List<TriggerDefinition> triggers = new ArrayList<>();
        Map<String, Block> firsts = new HashMap<>();
        for (Node node : pipeline.list("triggers", PipelineLimits.TRIGGERS)) {
            Block.of("a trigger", node, KEYS, nodes, problems)
                    .flatMap(block -> trigger(block, inputs, expressions, firsts))
                    .ifPresent(triggers::add);
        }
        return triggers;
    }

    private Optional<TriggerDefinition> trigger(
            Block block, Map<String, InputSpec> declared, Expressions expressions, Map<String, Block> firsts) {
        Optional<String> id = ids.id(block, "a trigger");
        id.map(known -> firsts.putIfAbsent(known, block))
                .ifPresent(first -> problems.add(
                        nodes.source().place(block.node("id").orElseThrow()),
                        "the id " + id.orElseThrow() + " is taken by the trigger on line "
                                + first.place().line()));
        Optional<String> kind = kind(block);
        Optional<TriggerSourceReader> reader = kind.map(sources::get);
        Optional<TriggerSource> source = reader.flatMap(known -> known.read(block, expressions));
        Optional<Condition> filter = reader.flatMap(known -> filter(block, kind.orElseThrow(), known, expressions));
        Template inputs = inputs(block, declared, expressions, viewpoint(reader.map(known -> known.inInputs(block))));
        return id.flatMap(
                known -> source.map(read -> new TriggerDefinition(new TriggerId(known), read, filter, inputs)));
    }

    /** What starts runs, the first of several; a trigger with none or with several is a problem. */
    private Optional<String> kind(Block trigger) {
        List<String> kinds = KINDS.stream().filter(trigger::has).toList();
        if (kinds.isEmpty()) {
            problems.add(
                    trigger.place(),
                    "a trigger names nothing that starts a run",
                    "one of the keys " + String.join(", ", KINDS));
            return Optional.empty();
        }
        for (String second : kinds.subList(1, kinds.size())) {
            problems.add(
                    trigger.placeOfKey(second),
                    "a trigger has one cause, and this one has `" + kinds.get(0) + "` already",
                    "a trigger of its own for `" + second + "`");
        }
        return Optional.of(kinds.get(0));
    }

    private Optional<Condition> filter(
            Block trigger, String kind, TriggerSourceReader source, Expressions expressions) {
        Set<Local> seen = source.inFilter(trigger);
        if (seen.isEmpty()) {
            if (trigger.has("filter")) {
                problems.add(
                        trigger.placeOfKey("filter"),
                        "`" + kind + "` has no use for `filter`",
                        "`filter` in a trigger of one of webhook, kafka, upstream, files");
            }
            return Optional.empty();
        }
        return trigger.expression("filter")
                .flatMap(node -> expressions.condition(
                        nodes.source().excerpt(node), viewpoint(Optional.of(seen)), problems::add));
    }

    /** What is seen; where that is not known, all that any trigger sees. */
    private static Viewpoint viewpoint(Optional<Set<Local>> seen) {
        Set<Local> locals = seen.orElse(Set.of(Local.SCHEDULE, Local.EVENT, Local.RECORD, Local.REQUEST));
        return new Viewpoint(Viewpoint.TRIGGER, task -> false, locals);
    }

    private Template inputs(
            Block block, Map<String, InputSpec> declared, Expressions expressions, Viewpoint viewpoint) {
        Templates templates = new Templates(nodes, problems, expressions, viewpoint);
        Map<String, Template> given = new LinkedHashMap<>();
        List<Nodes.Member> members = block.object("inputs", PipelineLimits.INPUTS);
        List<String> names = members.stream().map(Nodes.Member::name).toList();
        for (Nodes.Member member : members) {
            Optional<InputSpec> input = Optional.ofNullable(declared.get(member.name()));
            if (input.isEmpty()) {
                unknown(member, declared, names);
            }
            Optional<Template> value = templates.value(member.value());
            value.ifPresent(read -> given.put(member.name(), read));
            input.ifPresent(spec -> value.flatMap(read -> read.mismatch(spec.type()))
                    .ifPresent(found -> problems.add(
                            nodes.source().place(member.value()),
                            "the input `" + member.name() + "` is " + found,
                            spec.type().describe())));
        }
        for (InputSpec input : declared.values()) {
            if (input.required() && !names.contains(input.name())) {
                problems.add(
                        block.has("inputs") ? block.placeOfKey("inputs") : block.place(),
                        "the trigger does not give the input `" + input.name() + "`",
                        "it in `inputs`: " + input.type().describe());
            }
        }
        return Template.object(given);
    }

    private void unknown(Nodes.Member member, Map<String, InputSpec> declared, List<String> given) {
        problems.add(
                nodes.source().place(member.key()),
                "the pipeline has no input `" + member.name() + "`",
                Optional.of(declared.isEmpty() ? "none, for it declares none" : Problems.oneOf(declared.keySet())),
                Suggestion.of(
                        member.name(),
                        declared.keySet().stream()
                                .filter(input -> !given.contains(input))
                                .toList()));
    }
}

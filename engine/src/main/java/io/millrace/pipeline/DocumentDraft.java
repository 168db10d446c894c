package io.millrace.pipeline;

import io.millrace.expression.Template;
import io.millrace.expression.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The document of a {@link Connector} as it is read, member by member. Where a secret is named there is null in the document, and its place is noted.
 */
final class DocumentDraft implements ActionDraft {
    private final String kind;
    private final Nodes nodes;
    private final Map<String, ValueType> outputs;
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** Compiles a member, and notes the secrets in it. */
    private interface Member {
        Optional<Template> compile(Templates templates, Map<String, String> secrets);
    }

    /** @param outputs the members that the output has for certain */
    DocumentDraft(String kind, Nodes nodes, Map<String, ValueType> outputs) {
        this.kind = kind;
        this.nodes = nodes;
        // In an order that is always the same, for it shows in problems.
        this.outputs = new TreeMap<>(outputs);
    }

    /** A member without expressions. */
    DocumentDraft constant(String member, Object value) {
        Template template = Template.constant(value);
        members.put(member, (templates, secrets) -> Optional.of(template));
        return this;
    }

    /** A member that is a string, in which there may be expressions, but no secrets. */
    DocumentDraft text(String member, Node node, String what) {
        members.put(member, (templates, secrets) -> templates.text(node, what));
        return this;
    }

    /** A member that is any value, in which there may be expressions, but no secrets. */
    DocumentDraft value(String member, Node node) {
        members.put(member, (templates, secrets) -> templates.value(node));
        return this;
    }

    /** A member that is any value, in which there may be expressions and, as whole values, secrets. */
    DocumentDraft valueWithSecrets(String member, Node node) {
        members.put(member, (templates, secrets) -> value(node, "/" + escaped(member), templates, secrets));
        return this;
    }

    /** A member that is a secret. */
    DocumentDraft secret(String member, String secret) {
        members.put(member, (templates, secrets) -> {
            secrets.put("/" + escaped(member), secret);
            return Optional.of(Template.constant(null));
        });
        return this;
    }

    @Override
    public Map<String, ValueType> outputs() {
        return outputs;
    }

    @Override
    public Optional<Action> compile(Templates templates) {
        Map<String, Template> compiled = new LinkedHashMap<>();
        Map<String, String> secrets = new LinkedHashMap<>();
        members.forEach((name, member) ->
                member.compile(templates, secrets).ifPresent(template -> compiled.put(name, template)));
        if (compiled.size() < members.size()) {
            return Optional.empty();
        }
        if (!secrets.isEmpty()) {
            compiled.put("secrets", Template.constant(secrets));
        }
        return Optional.of(new Connector(kind, Template.object(compiled)));
    }

    private Optional<Template> value(Node node, String pointer, Templates templates, Map<String, String> secrets) {
        Optional<String> secret = SecretReference.in(node);
        if (secret.isPresent()) {
            secrets.put(pointer, secret.get());
            return Optional.of(Template.constant(null));
        }
        if (node instanceof MappingNode mapping) {
            Map<String, Nodes.Member> each = nodes.members(mapping);
            Map<String, Template> values = new LinkedHashMap<>();
            each.forEach((name, member) -> value(member.value(), pointer + "/" + escaped(name), templates, secrets)
                    .ifPresent(value -> values.put(name, value)));
            return values.size() == each.size() ? Optional.of(Template.object(values)) : Optional.empty();
        }
        if (node instanceof SequenceNode sequence) {
            List<Template> values = new ArrayList<>();
            for (Node element : sequence.getValue()) {
                value(element, pointer + "/" + values.size(), templates, secrets)
                        .ifPresent(values::add);
            }
            return values.size() == sequence.getValue().size() ? Optional.of(Template.list(values)) : Optional.empty();
        }
        return templates.value(node);
    }

    /** As RFC 6901 writes a name in a pointer. */
    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}

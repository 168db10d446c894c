package io.millrace.pipeline;

import io.millrace.expression.ValueType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads tasks of {@code email}: one message that is handed to a mail server. */
final class EmailReader implements KindReader {
    private static final List<String> RECIPIENTS = List.of("to", "cc", "bcc");
    private static final List<String> BODIES = List.of("text", "html");
    static final List<String> KEYS = List.of(
            "server", "tls", "user", "password", "from", "to", "cc", "bcc", "reply_to", "subject", "text", "html");

    /** What is no part of an expression; those may be written on several lines. */
    private static final Pattern EXPRESSIONS = Pattern.compile("\\$\\{\\{.*?}}", Pattern.DOTALL);

    private static final Map<String, ValueType> OUTPUTS =
            Map.of("message_id", ValueType.STRING, "accepted", ValueType.INTEGER);

    private final Nodes nodes;
    private final Problems problems;

    EmailReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    /** How a connection becomes encrypted that is not from its beginning. */
    private enum Tls {
        REQUIRED,
        OPTIONAL,
        NONE
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        return Block.of("`email`", task.node("email").orElseThrow(), KEYS, nodes, problems)
                .map(this::document);
    }

    private ActionDraft document(Block email) {
        DocumentDraft document = new DocumentDraft("email", nodes, OUTPUTS);
        server(email, document);
        login(email, document);
        if (email.required("from", MailAddressCheck.RULE).isPresent()) {
            email.text("from").ifPresent(node -> {
                check(node);
                document.text("from", node, "`from`");
            });
        }
        if (RECIPIENTS.stream().noneMatch(email::has)) {
            problems.add(email.place(), "`email` has no recipient", Problems.oneOf(RECIPIENTS));
        }
        RECIPIENTS.forEach(key -> addresses(email, key, document));
        addresses(email, "reply_to", document);
        email.required("subject", "what it is about, in one line").ifPresent(node -> subject(node, document));
        if (BODIES.stream().noneMatch(email::has)) {
            problems.add(email.place(), "`email` says nothing", "`text`, `html`, or both");
        }
        BODIES.forEach(key -> email.node(key).ifPresent(node -> document.text(key, node, "`" + key + "`")));
        return document;
    }

    private void server(Block email, DocumentDraft document) {
        Optional<ScalarNode> server =
                email.required("server", MailServerCheck.RULE).flatMap(node -> email.text("server"));
        server.ifPresent(node -> {
            MailServerCheck.fault(node.getValue())
                    .ifPresent(fault -> problems.add(nodes.source().place(node), fault, MailServerCheck.RULE));
            document.text("server", node, "`server`");
        });
        email.word("tls", Tls.values())
                .ifPresent(tls -> document.constant("tls", tls.name().toLowerCase(Locale.ROOT)));
        if (email.has("tls")
                && server.filter(node -> MailServerCheck.isEncrypted(node.getValue()))
                        .isPresent()) {
            problems.add(
                    email.placeOfKey("tls"),
                    "`tls` does not go with smtps, which is encrypted from the beginning",
                    "`tls` with a server of smtp");
        }
    }

    private void login(Block email, DocumentDraft document) {
        if (email.has("user") != email.has("password")) {
            problems.add(
                    email.placeOfKey(email.has("user") ? "user" : "password"),
                    email.has("user") ? "`user` has no `password`" : "`password` has no `user`",
                    "both of them, or none");
        }
        email.node("user").ifPresent(node -> {
            if (!(node instanceof ScalarNode) || Nodes.isNull(node)) {
                problems.add(nodes.source().place(node), "`user` is " + nodes.describe(node), "a string");
            }
            document.valueWithSecrets("user", node);
        });
        email.node("password").ifPresent(node -> {
            if (SecretReference.in(node).isEmpty()) {
                problems.add(
                        nodes.source().place(node),
                        "a password cannot be written into a file, and is no value of a run",
                        "a secret, such as \"${{ secrets.smtp_password }}\"");
            } else {
                document.valueWithSecrets("password", node);
            }
        });
    }

    /** One address, a list of them, or an expression that gives either. */
    private void addresses(Block email, String key, DocumentDraft document) {
        Optional<Node> node = email.node(key);
        if (node.isEmpty()) {
            return;
        }
        if (node.get() instanceof SequenceNode list) {
            if (list.getValue().isEmpty()) {
                problems.add(nodes.source().place(list), "`" + key + "` is an empty list", MailAddressCheck.RULE);
            }
            email.list(key, PipelineLimits.RECIPIENTS)
                    .forEach(each ->
                            email.text(each, "an entry of `" + key + "`").ifPresent(this::check));
        } else if (Nodes.isText(node.get())) {
            check((ScalarNode) node.get());
        } else {
            problems.add(
                    nodes.source().place(node.get()),
                    "`" + key + "` is " + nodes.describe(node.get()),
                    "an address, or a list of them");
        }
        document.value(key, node.get());
    }

    private void check(ScalarNode node) {
        MailAddressCheck.fault(node.getValue())
                .ifPresent(fault -> problems.add(nodes.source().place(node), fault, MailAddressCheck.RULE));
    }

    private void subject(Node node, DocumentDraft document) {
        if (node instanceof ScalarNode scalar
                && EXPRESSIONS.matcher(scalar.getValue()).replaceAll("").chars().anyMatch(Character::isISOControl)) {
            problems.add(
                    nodes.source().place(node),
                    "the subject holds a line end, or another control character",
                    "one line, such as `subject: …` or `subject: >-`");
        }
        document.text("subject", node, "`subject`");
    }
}

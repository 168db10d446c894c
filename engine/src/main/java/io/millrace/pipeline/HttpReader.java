package io.millrace.pipeline;

import io.millrace.expression.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads tasks of {@code http}: one call of a server. */
final class HttpReader implements KindReader {
    private static final List<String> METHODS = List.of("get", "head", "post", "put", "patch", "delete", "options");
    private static final Set<String> WITHOUT_BODY = Set.of("get", "head", "options");
    private static final List<String> BODIES = List.of("json", "text", "form");
    private static final List<String> KEYS = List.of(
            "get",
            "head",
            "post",
            "put",
            "patch",
            "delete",
            "options",
            "query",
            "headers",
            "auth",
            "sign",
            "json",
            "text",
            "form",
            "timeout",
            "redirects",
            "ok",
            "retry_on",
            "response");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");
    private static final Set<String> OURS =
            Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer");

    /** What a signature adds to a call. */
    private static final Set<String> OF_SIGNATURES = Set.of("webhook-id", "webhook-timestamp", "webhook-signature");

    private static final String BODY = "body";

    /** What its output has, whatever the server answers. */
    private static final Map<String, ValueType> OUTPUTS =
            Map.of("status", ValueType.INTEGER, "headers", ValueType.OBJECT, BODY, ValueType.ANY);

    private final Nodes nodes;
    private final Problems problems;

    HttpReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        DocumentDraft document = new DocumentDraft("http", nodes, OUTPUTS);
        Optional<Block> block = Block.of("`http`", task.node("http").orElseThrow(), KEYS, nodes, problems);
        Optional<String> called =
                block.flatMap(call -> one(call, METHODS, "`http` calls nothing", "a call of its own"));
        called.ifPresent(method -> {
            url(block.get(), method, document);
            body(block.get(), method, document);
        });
        long most = takesFile(task, called) ? PipelineLimits.RESPONSE_FILE_BYTES : PipelineLimits.RESPONSE_BYTES;
        block.ifPresent(call -> {
            headers(call, document);
            values(call, "query", document);
            auth(call, document);
            sign(call, document);
            settings(call, document);
            response(call, most, document);
        });
        return block.map(read -> document);
    }

    /** The one key of these that there is. */
    private Optional<String> one(Block block, List<String> keys, String none, String instead) {
        List<String> there = keys.stream().filter(block::has).toList();
        if (there.isEmpty()) {
            problems.add(block.place(), none, Problems.oneOf(keys));
        }
        there.stream()
                .skip(1)
                .forEach(second -> problems.add(
                        block.placeOfKey(second), "`" + second + "` does not go with `" + there.get(0) + "`", instead));
        return there.stream().findFirst();
    }

    private void url(Block call, String method, DocumentDraft document) {
        call.text(method).ifPresent(node -> {
            document.constant("method", method.toUpperCase(Locale.ROOT));
            if (SecretReference.in(node).isPresent()) {
                document.valueWithSecrets("url", node);
                return;
            }
            UrlCheck.fault(node.getValue())
                    .ifPresent(fault -> problems.add(nodes.source().place(node), fault, UrlCheck.RULE));
            document.text("url", node, "`" + method + "`");
        });
    }

    private void body(Block call, String method, DocumentDraft document) {
        List<String> there = BODIES.stream().filter(call::has).toList();
        if (there.isEmpty()) {
            return;
        }
        if (WITHOUT_BODY.contains(method)) {
            problems.add(call.placeOfKey(there.get(0)), "`" + method + "` sends no body", "`query`, or another method");
        }
        one(call, BODIES, "", "one body").ifPresent(body -> {
            if (body.equals("form")) {
                values(call, body, document);
            } else if (body.equals("json") || isScalar(call, body)) {
                document.valueWithSecrets(body, call.node(body).orElseThrow());
            }
        });
    }

    private void headers(Block call, DocumentDraft document) {
        for (Nodes.Member header : call.object("headers", PipelineLimits.HEADERS)) {
            if (!HEADER.matcher(header.name()).matches()) {
                problems.add(
                        nodes.source().place(header.key()),
                        "\"" + header.name() + "\" is no name of a header",
                        "a name such as X-Request-Source");
            } else if (OURS.contains(header.name().toLowerCase(Locale.ROOT))) {
                problems.add(
                        nodes.source().place(header.key()),
                        "the header " + header.name() + " follows from the call, and cannot be set");
            } else if (call.has("sign") && OF_SIGNATURES.contains(header.name().toLowerCase(Locale.ROOT))) {
                problems.add(
                        nodes.source().place(header.key()),
                        "the header " + header.name() + " follows from `sign`, and cannot be set");
            }
            if (!(header.value() instanceof ScalarNode)) {
                problems.add(
                        nodes.source().place(header.value()),
                        "the header " + header.name() + " is " + nodes.describe(header.value()),
                        "a string");
            }
        }
        call.node("headers").ifPresent(node -> document.valueWithSecrets("headers", node));
    }

    /** Names with a value each, or with a list of values. */
    private void values(Block call, String key, DocumentDraft document) {
        for (Nodes.Member member : call.object(key, PipelineLimits.FIELDS)) {
            boolean plain = member.value() instanceof ScalarNode
                    || member.value() instanceof SequenceNode list
                            && list.getValue().stream().allMatch(ScalarNode.class::isInstance);
            if (!plain) {
                problems.add(
                        nodes.source().place(member.value()),
                        "`" + member.name() + "` in `" + key + "` is " + nodes.describe(member.value()),
                        "a value, or a list of values");
            }
        }
        call.node(key).ifPresent(node -> document.valueWithSecrets(key, node));
    }

    private void auth(Block call, DocumentDraft document) {
        Optional<Node> node = call.node("auth");
        if (node.isEmpty()) {
            return;
        }
        Optional<Block> auth = Block.of("`auth`", node.get(), List.of("bearer", "basic"), nodes, problems);
        auth.flatMap(block -> one(block, List.of("bearer", "basic"), "`auth` names nobody", "one of them"))
                .ifPresent(way -> {
                    if (way.equals("bearer")) {
                        isScalar(auth.get(), way);
                    } else {
                        basic(auth.get().node(way).orElseThrow());
                    }
                });
        document.valueWithSecrets("auth", node.get());
    }

    private void basic(Node node) {
        Block.of("`basic`", node, List.of("user", "password"), nodes, problems).ifPresent(basic -> {
            for (String key : List.of("user", "password")) {
                if (basic.required(key, "a string").isPresent()) {
                    isScalar(basic, key);
                }
            }
        });
    }

    private void sign(Block call, DocumentDraft document) {
        call.node("sign")
                .flatMap(node -> Block.of("`sign`", node, List.of("secret"), nodes, problems))
                .ifPresent(sign -> sign.required("secret", "the name of a secret that the workers know")
                        .flatMap(node -> new SecretNames(nodes, problems).read(sign, node, "workers"))
                        .ifPresent(name -> document.secret("sign", name)));
    }

    private void settings(Block call, DocumentDraft document) {
        call.duration("timeout", Duration.ofMillis(1), PipelineLimits.TIMEOUT)
                .ifPresent(time -> document.constant("timeout_ms", time.toMillis()));
        call.integer("redirects", 0, PipelineLimits.REDIRECTS).ifPresent(most -> document.constant("redirects", most));
        StatusRanges statuses = new StatusRanges(nodes, problems);
        for (String key : List.of("ok", "retry_on")) {
            if (call.has(key)) {
                document.constant(key, statuses.read(call, key));
            }
        }
    }

    /** Whether the body of the answer is to be a file; nothing else of an answer can be one. */
    private boolean takesFile(Block task, Optional<String> method) {
        boolean takes = false;
        Optional<MappingNode> outputs =
                task.node("outputs").filter(MappingNode.class::isInstance).map(MappingNode.class::cast);
        for (Nodes.Member output : outputs.map(nodes::members).orElse(Map.of()).values()) {
            boolean file =
                    output.value() instanceof ScalarNode type && type.getValue().equals(ValueType.FILE.word());
            if (file && !output.name().equals(BODY)) {
                problems.add(
                        nodes.source().place(output.value()),
                        "an `http` task gives no file `" + output.name() + "`",
                        "`body: file`, for the body of the answer");
            } else if (file && method.filter("head"::equals).isPresent()) {
                problems.add(
                        nodes.source().place(output.value()), "the answer to `head` has no body", "another method");
            }
            takes |= file && output.name().equals(BODY);
        }
        return takes;
    }

    private void response(Block call, long most, DocumentDraft document) {
        call.node("response")
                .flatMap(node -> Block.of("`response`", node, List.of("max"), nodes, problems))
                .flatMap(response -> response.size("max", 1, most))
                .ifPresent(bytes -> document.constant("max_bytes", bytes));
    }

    private boolean isScalar(Block block, String key) {
        Node node = block.node(key).orElseThrow();
        boolean scalar = node instanceof ScalarNode && !Nodes.isNull(node);
        if (!scalar) {
            problems.add(
                    nodes.source().place(node),
                    "`" + key + "` is " + nodes.describe(node),
                    node instanceof MappingNode ? "a string; objects are for `json`" : "a string");
        }
        return scalar;
    }
}

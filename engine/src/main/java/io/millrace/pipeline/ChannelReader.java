package io.millrace.pipeline;

import io.millrace.expression.Document;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads a file that says how alerts reach people: a pipeline of one task, which we write. What the task is told stands in its input {@code alert}.
 *
 * <p>What a kind says is put into the task as it is, so that expressions and secrets mean what they mean in any task.
 */
final class ChannelReader {
    static final List<String> KEYS = List.of("id", "description", "owner", "channel");

    /** The queue of the messages, so that they wait for no task. */
    static final String QUEUE = "alerts";

    private static final List<String> KINDS =
            List.of("slack", "webhook", "email", "pagerduty", "opsgenie", "alertmanager", "kafka", "command");
    private static final List<String> SETTINGS = List.of("timeout", "retry", "queue");
    private static final String TITLE = "${{ inputs.alert.title }}";
    private static final String TEXT = "${{ inputs.alert.text }}";
    private static final String RESOLVED = "inputs.alert.status == 'resolved'";

    private final Nodes nodes;
    private final Problems problems;

    ChannelReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    /** The text of the pipeline that passes messages on; empty after a problem. */
    Optional<String> read(Node root) {
        int before = problems.count();
        Optional<Block> file = Block.of("the channel", root, KEYS, nodes, problems);
        file.ifPresent(block -> block.required("id", Names.ID_RULE));
        List<String> keys = new ArrayList<>(KINDS);
        keys.addAll(SETTINGS);
        Optional<Map<String, Object>> task = file.flatMap(block -> block.node("channel"))
                .flatMap(node -> Block.of("`channel`", node, keys, nodes, problems))
                .flatMap(this::task);
        if (task.isEmpty() || problems.count() > before) {
            return Optional.empty();
        }
        Map<String, Object> pipeline = new LinkedHashMap<>();
        for (String key : List.of("id", "description", "owner")) {
            value(file.get(), key).ifPresent(value -> pipeline.put(key, value));
        }
        pipeline.put("inputs", Map.of("alert", Map.of("type", "object", "required", true)));
        pipeline.put("tasks", List.of(task.get()));
        return problems.count() > before
                ? Optional.empty()
                : Optional.of(Document.of(pipeline).json());
    }

    private Optional<Map<String, Object>> task(Block channel) {
        Optional<String> kind = kind(channel);
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("id", "deliver");
        task.put("queue", value(channel, "queue").orElse(QUEUE));
        task.put("timeout", value(channel, "timeout").orElse("30s"));
        task.put("retry", value(channel, "retry").orElse(retry()));
        return kind.flatMap(known -> members(channel, known)).map(members -> {
            task.putAll(members);
            return task;
        });
    }

    /** Some minutes of trying: what is down for longer is said to be undeliverable. */
    private static Map<String, Object> retry() {
        return Map.of("max", 10L, "backoff", "2s", "factor", 2L, "jitter", 0.2, "cap", "2m");
    }

    /** How it passes messages on, the first of several; a channel with none or with several is a problem. */
    private Optional<String> kind(Block channel) {
        List<String> kinds = KINDS.stream().filter(channel::has).toList();
        if (kinds.isEmpty()) {
            problems.add(channel.place(), "a channel leads nowhere", "one of the keys " + String.join(", ", KINDS));
            return Optional.empty();
        }
        for (String second : kinds.subList(1, kinds.size())) {
            problems.add(
                    channel.placeOfKey(second),
                    "a channel passes messages on in one way, and this one has `" + kinds.get(0) + "` already",
                    "a channel of its own for `" + second + "`");
        }
        return Optional.of(kinds.get(0));
    }

    private Optional<Map<String, Object>> members(Block channel, String kind) {
        Node node = channel.node(kind).orElseThrow();
        return switch (kind) {
            case "slack" -> block(kind, node, List.of("url", "text")).map(this::slack);
            case "webhook" ->
                block(kind, node, List.of("url", "headers", "auth", "sign", "json"))
                        .map(this::webhook);
            case "email" -> block(kind, node, EmailReader.KEYS).map(this::email);
            case "pagerduty" -> block(kind, node, List.of("routing_key", "url")).map(this::pagerduty);
            case "opsgenie" ->
                block(kind, node, List.of("authorization", "url")).map(this::opsgenie);
            case "alertmanager" ->
                block(kind, node, List.of("url", "headers", "auth")).map(this::alertmanager);
            case "kafka" ->
                block(kind, node, List.of("topic", "key", "value", "headers", "avro"))
                        .map(this::kafka);
            default -> block(kind, node, List.of("run", "env")).map(this::command);
        };
    }

    private Optional<Block> block(String kind, Node node, List<String> keys) {
        return Block.of("`" + kind + "`", node, keys, nodes, problems);
    }

    private Map<String, Object> slack(Block block) {
        Object text = value(block, "text").orElse("*" + TITLE + "*\n" + TEXT);
        return http(required(block, "url", "the address that Slack gave the webhook"), Map.of("text", text), Map.of());
    }

    private Map<String, Object> webhook(Block block) {
        Object json = value(block, "json").orElse("${{ inputs.alert }}");
        return http(
                required(block, "url", "where to post messages"),
                json,
                given(block, List.of("headers", "auth", "sign")));
    }

    private Map<String, Object> email(Block block) {
        Map<String, Object> message = new LinkedHashMap<>(given(block, EmailReader.KEYS));
        message.putIfAbsent("subject", "${{ inputs.alert.subject }}");
        if (!block.has("text") && !block.has("html")) {
            message.put("text", TEXT);
            message.put("html", "${{ inputs.alert.html }}");
        }
        return Map.of("email", message);
    }

    /** Events API v2: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
    private Map<String, Object> pagerduty(Block block) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("routing_key", required(block, "routing_key", "the integration's key, as a secret"));
        event.put("event_action", "${{ " + RESOLVED + " ? 'resolve' : 'trigger' }}");
        event.put("dedup_key", "${{ inputs.alert.id }}");
        event.put("client", "Millrace");
        event.put(
                "payload",
                Map.of(
                        "summary", "${{ inputs.alert.subject }}",
                        "source", "${{ inputs.alert.pipeline }}",
                        "severity", "${{ inputs.alert.severity }}",
                        "timestamp", "${{ inputs.alert.at }}",
                        "custom_details", "${{ inputs.alert }}"));
        return http(value(block, "url").orElse("https://events.pagerduty.com/v2/enqueue"), event, Map.of());
    }

    /** Alert API: https://docs.opsgenie.com/docs/alert-api */
    private Map<String, Object> opsgenie(Block block) {
        Object url = value(block, "url").orElse("https://api.opsgenie.com");
        Map<String, Object> alert = new LinkedHashMap<>();
        alert.put("message", TITLE);
        alert.put("alias", "${{ inputs.alert.id }}");
        alert.put("description", TEXT);
        alert.put("source", "Millrace");
        alert.put("note", "${{ inputs.alert.summary }}");
        alert.put(
                "priority",
                "${{ {'critical': 'P1', 'error': 'P2', 'warning': 'P3', 'info': 'P5'}[inputs.alert.severity] }}");
        String path = "/v2/alerts${{ " + RESOLVED + " ? '/' + inputs.alert.id + '/close?identifierType=alias' : '' }}";
        Object key = required(block, "authorization", "`GenieKey` and the key behind it, as a secret");
        return http(url + path, alert, Map.of("headers", Map.of("Authorization", key)));
    }

    /** API v2: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml; a time of zero is none. */
    private Map<String, Object> alertmanager(Block block) {
        Map<String, Object> alert = new LinkedHashMap<>();
        alert.put(
                "labels",
                Map.of(
                        "alertname", "${{ inputs.alert.rule }}",
                        "pipeline", "${{ inputs.alert.pipeline }}",
                        "group", "${{ inputs.alert.group }}",
                        "severity", "${{ inputs.alert.severity }}"));
        alert.put("annotations", Map.of("summary", "${{ inputs.alert.summary }}", "description", TEXT));
        alert.put("startsAt", "${{ inputs.alert.raised_at }}");
        alert.put("endsAt", "${{ " + RESOLVED + " ? inputs.alert.at : '0001-01-01T00:00:00Z' }}");
        Object url =
                required(block, "url", "the address of its alerts, such as http://alertmanager:9093/api/v2/alerts");
        return http(url, List.of(alert), given(block, List.of("headers", "auth")));
    }

    private Map<String, Object> kafka(Block block) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("topic", required(block, "topic", "the topic to write messages to"));
        record.put("key", value(block, "key").orElse("${{ inputs.alert.key }}"));
        record.put("value", value(block, "value").orElse("${{ inputs.alert }}"));
        record.putAll(given(block, List.of("headers", "avro")));
        return Map.of("kafka", record);
    }

    private Map<String, Object> command(Block block) {
        Map<String, Object> env = new LinkedHashMap<>();
        for (String member : List.of("id", "key", "kind", "severity", "status", "summary", "text", "title")) {
            env.put("ALERT_" + member.toUpperCase(Locale.ROOT), "${{ inputs.alert." + member + " }}");
        }
        if (value(block, "env").orElse(Map.of()) instanceof Map<?, ?> more) {
            more.forEach((name, value) -> env.put(String.valueOf(name), value));
        }
        return Map.of(
                "shell",
                required(block, "run", "the command"),
                "env",
                env,
                "with",
                Map.of("alert", "${{ inputs.alert }}"));
    }

    private static Map<String, Object> http(Object url, Object json, Map<String, Object> more) {
        Map<String, Object> call = new LinkedHashMap<>(more);
        call.put("post", url);
        call.put("json", json);
        return Map.of("http", call);
    }

    private Map<String, Object> given(Block block, List<String> keys) {
        Map<String, Object> given = new LinkedHashMap<>();
        for (String key : keys) {
            value(block, key).ifPresent(value -> given.put(key, value));
        }
        return given;
    }

    private Object required(Block block, String key, String expected) {
        block.required(key, expected);
        return value(block, key).orElse("");
    }

    private Optional<Object> value(Block block, String key) {
        return block.node(key).flatMap(node -> nodes.value(node)).flatMap(value -> value);
    }

    /** The key that makes a file one of a channel; empty where it is none. */
    static Optional<Node> key(Node root) {
        return root instanceof MappingNode mapping
                ? mapping.getValue().stream()
                        .map(NodeTuple::getKeyNode)
                        .filter(key -> key instanceof ScalarNode name
                                && name.getValue().equals("channel"))
                        .findFirst()
                : Optional.empty();
    }
}

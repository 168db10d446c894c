package io.millrace.pipeline;

import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import io.millrace.expression.Viewpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads triggers of {@code webhook}: who sends requests, and which secrets they are signed with. */
final class WebhookReader implements TriggerSourceReader {
    private static final List<String> KEYS = List.of("from", "secret", "unsigned", "tolerance", "delivery");
    private static final Duration LEAST_TOLERANCE = Duration.ofSeconds(1);
    private static final Duration MOST_TOLERANCE = Duration.ofDays(1);

    private final Nodes nodes;
    private final Problems problems;

    WebhookReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<TriggerSource> read(Block trigger, Expressions expressions) {
        int before = problems.count();
        Optional<WebhookSource> source = Block.of(
                        "`webhook`", trigger.node("webhook").orElseThrow(), KEYS, nodes, problems)
                .flatMap(webhook -> source(webhook, expressions));
        return source.filter(read -> problems.count() == before).map(TriggerSource.class::cast);
    }

    private Optional<WebhookSource> source(Block webhook, Expressions expressions) {
        webhook.required("from", "who sends it, one of github, gitlab, stripe, standard, generic");
        Optional<WebhookSender> from = webhook.word("from", WebhookSender.values());
        List<String> secrets = secrets(webhook);
        boolean unsigned = webhook.flag("unsigned").orElse(false);
        signing(webhook, unsigned);
        Optional<Duration> tolerance = webhook.duration("tolerance", LEAST_TOLERANCE, MOST_TOLERANCE);
        if (webhook.has("tolerance")
                && (unsigned || from.filter(sender -> !sender.isTimed()).isPresent())) {
            problems.add(
                    webhook.placeOfKey("tolerance"),
                    (unsigned ? "`unsigned`" : "`from: github`") + " has no use for `tolerance`",
                    "`tolerance` where a signature holds a time");
        }
        Viewpoint viewpoint = new Viewpoint(Viewpoint.TRIGGER, task -> false).with(Local.EVENT, Local.REQUEST);
        Optional<EventKey> delivery = webhook.text("delivery")
                .flatMap(node -> EventKey.read(nodes.source().excerpt(node), expressions, viewpoint, problems));
        return from.map(
                sender -> new WebhookSource(sender, secrets, tolerance.orElse(WebhookSource.TOLERANCE), delivery));
    }

    private void signing(Block webhook, boolean unsigned) {
        if (unsigned && webhook.has("secret")) {
            problems.add(
                    webhook.placeOfKey("unsigned"),
                    "the webhook has a `secret`, and takes unsigned requests",
                    "one of secret, unsigned");
        } else if (!unsigned && !webhook.has("secret")) {
            problems.add(
                    webhook.place(),
                    "the webhook has no `secret`, so anybody could start runs",
                    "the name of a secret that the coordinators know, or `unsigned: true` if that is meant");
        }
    }

    /** A name, or several while a secret is being replaced. */
    private List<String> secrets(Block webhook) {
        Optional<Node> node = webhook.node("secret");
        if (node.filter(SequenceNode.class::isInstance).isPresent()) {
            List<Node> listed = webhook.list("secret", PipelineLimits.WEBHOOK_SECRETS);
            if (((SequenceNode) node.get()).getValue().isEmpty()) {
                problems.add(nodes.source().place(node.get()), "`secret` is an empty list", "the name of a secret");
            }
            List<String> names = new ArrayList<>();
            listed.forEach(each -> name(webhook, each).ifPresent(names::add));
            return names;
        }
        return node.flatMap(each -> name(webhook, each)).map(List::of).orElse(List.of());
    }

    private Optional<String> name(Block webhook, Node node) {
        return new SecretNames(nodes, problems).read(webhook, node, "coordinators");
    }

    @Override
    public Set<Local> inFilter(Block trigger) {
        return Set.of(Local.EVENT, Local.REQUEST);
    }

    @Override
    public Set<Local> inInputs(Block trigger) {
        return Set.of(Local.EVENT, Local.REQUEST);
    }
}

package io.millrace.coordinator.webhook;

import io.millrace.pipeline.WebhookSender;
import io.millrace.pipeline.WebhookSource;
import io.millrace.schemas.secret.SecretException;
import io.millrace.schemas.secret.SecretProvider;
import io.millrace.schemas.secret.SecretSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Judges requests to webhooks. A request of which this says that it is authentic was sent by somebody who knows a secret of the webhook, and, where its
 * sender signs the time, no longer ago than the webhook allows.
 *
 * <p><b>Threading:</b> safe for any number of threads. Providers of secrets may wait, so keep it off event loops.
 */
public final class Webhooks {
    private static final String DELIVERY = "x-millrace-delivery";

    private static final Map<WebhookSender, Signature> SIGNATURES = Map.of(
            WebhookSender.GITHUB, new BodySignature(),
            WebhookSender.GITLAB, new GitlabSignature(),
            WebhookSender.STRIPE, new TimedSignature("stripe-signature", Optional.empty()),
            WebhookSender.STANDARD, new StandardSignature(),
            WebhookSender.GENERIC, new TimedSignature("x-millrace-signature", Optional.of(DELIVERY)));

    /** Headers that hold what the sender proves itself with, which no expression is to see (G9). */
    private static final List<String> SECRET_HEADERS = List.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "x-gitlab-token",
            "x-hub-signature",
            "x-hub-signature-256",
            "stripe-signature",
            "webhook-signature",
            "x-millrace-signature");

    private final SecretSource secrets;

    /** @param providers where the values of secrets are found, asked in this order */
    public Webhooks(List<SecretProvider> providers) {
        this.secrets = new SecretSource("this coordinator", providers);
    }

    /**
     * Whether a request was signed with one of the webhook's secrets; always, when it takes unsigned ones.
     *
     * @throws SecretException when that cannot be said, since a secret is not known here; the message is for operators
     */
    public boolean isAuthentic(WebhookSource webhook, ArrivedRequest request)
            throws SecretException, InterruptedException {
        if (!webhook.isSigned()) {
            return true;
        }
        Signature signature = SIGNATURES.get(webhook.from());
        if (signature == null) {
            throw new IllegalStateException("Nobody knows how " + webhook.from() + " signs");
        }
        boolean authentic = false;
        Optional<SecretException> unknown = Optional.empty();
        for (String name : webhook.secrets()) {
            try {
                authentic |= signature.isValid(
                        request, new Signature.Secret(name, secrets.resolve(name)), webhook.tolerance());
            } catch (SecretException e) {
                // While one secret is being replaced by another, the one that is there is enough.
                unknown = Optional.of(e);
            }
        }
        if (!authentic && unknown.isPresent()) {
            throw unknown.get();
        }
        return authentic;
    }

    /**
     * What tells this delivery from all others, in the words of its sender; empty when that says nothing. A repeat of the delivery has the same.
     *
     * @param event the body of the request, as JSON
     */
    public static Optional<String> delivery(WebhookSource webhook, ArrivedRequest request, Object event) {
        return switch (webhook.from()) {
            case GITHUB -> request.header("x-github-delivery");
            // The first is signed where anything is, and equals the second. Servers before GitLab 17.4 tell neither,
            // and give what follows from one
            // event the same id, but another body.
            case GITLAB ->
                request.header(StandardSignature.ID)
                        .or(() -> request.header("idempotency-key"))
                        .or(() ->
                                request.header("x-gitlab-event-uuid").map(id -> id + "." + Digest.of(request.body())));
            case STRIPE ->
                event instanceof Map<?, ?> members && members.get("id") instanceof String id
                        ? Optional.of(id)
                        : Optional.empty();
            case STANDARD -> request.header(StandardSignature.ID);
            case GENERIC ->
                request.header(DELIVERY)
                        .or(() -> request.header("x-millrace-signature")
                                .filter(signature -> webhook.isSigned())
                                .flatMap(TimedSignature::time)
                                .map(time -> time + "." + Digest.of(request.body())));
        };
    }

    /** The headers that expressions may see, each with its values in one text. */
    public static Map<String, String> shownHeaders(ArrivedRequest request) {
        return request.headers().entrySet().stream()
                .filter(header -> !SECRET_HEADERS.contains(header.getKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        header -> String.join(", ", header.getValue()),
                        (one, other) -> one,
                        TreeMap::new));
    }
}

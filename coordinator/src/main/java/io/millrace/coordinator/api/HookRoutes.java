package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.catalogue.RunStarter;
import io.millrace.coordinator.pause.Pauses;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.coordinator.webhook.ArrivedRequest;
import io.millrace.coordinator.webhook.Webhooks;
import io.millrace.engine.Limits;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.pipeline.TriggerScope;
import io.millrace.pipeline.WebhookSender;
import io.millrace.pipeline.WebhookSource;
import io.millrace.schemas.secret.SecretException;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others send to the webhooks of pipelines. Whoever cannot sign a request learns nothing from its answer but whether there is such a webhook, and starts
 * nothing; whoever is answered with 202 and a run has exactly that run (G1).
 *
 * <p><b>Threading.</b> Thread-safe.
 */
final class HookRoutes {
    private static final Logger log = LoggerFactory.getLogger(HookRoutes.class);
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String FORM_PAYLOAD = "payload=";
    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final String LIMIT_OF_JACKSON = ", from `StreamReadConstraints\\.\\w+\\(\\)`";
    private static final Pattern DELIVERY = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,253}[\\x21-\\x7e])?");
    private static final Duration PAUSED_FOR = Duration.ofMinutes(1);
    private static final Duration UNTIL_MENDED = Duration.ofSeconds(10);
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofMinutes(1);

    private final PipelineCatalogue catalogue;
    private final Pauses pauses;
    private final History history;
    private final Webhooks webhooks;
    private final RunStarter starter;
    private final FoundRuns runs;
    private final ApiServer.Lanes lanes;
    private final Clock clock = Clock.systemUTC();
    private final Map<String, Instant> complaints = new ConcurrentHashMap<>();

    /** A webhook of the current version of a pipeline. */
    private record Hook(PipelineVersion version, TriggerDefinition trigger, WebhookSource source) {
        private String id() {
            return version.id().value() + "/" + trigger.id();
        }

        private Pipeline pipeline() {
            return version.pipeline();
        }
    }

    HookRoutes(ApiParts parts, FoundRuns runs, ApiServer.Lanes lanes) {
        this.catalogue = parts.catalogue();
        this.pauses = parts.pauses();
        this.history = parts.history();
        this.webhooks = parts.webhooks();
        this.starter = parts.starter();
        this.runs = runs;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.post(Paths.HOOK, Dispatcher.to(lanes.hooks(), this::receive));
    }

    private CompletionStage<Answer> receive(Call call) {
        Hook hook = hook(call);
        ArrivedRequest request = new ArrivedRequest(call.headers(), call.body(), clock.instant());
        authenticate(hook, request);
        Object event = event(call, hook.source().from());
        TriggerScope scope = TriggerScope.ofRequest(event, Webhooks.shownHeaders(request), query(call));
        try {
            if (!hook.trigger().accepts(scope)) {
                return CompletableFuture.completedFuture(passedOver(hook));
            }
            Document inputs = inputs(hook, scope);
            Optional<String> delivery = delivery(hook, request, event, scope);
            refuseWhilePaused(hook);
            return start(call, hook, inputs, delivery, request.at());
        } catch (EvaluationException e) {
            Map<String, JsonNode> place = new LinkedHashMap<>();
            place.put("line", JsonNodeFactory.instance.numberNode(e.place().line()));
            place.put("column", JsonNodeFactory.instance.numberNode(e.place().column()));
            throw new ProblemException(ProblemKind.INVALID_EVENT, e.getMessage(), place, Map.of());
        } catch (InvalidDocumentException e) {
            throw new ProblemException(ProblemKind.INVALID_EVENT, "the inputs: " + e.getMessage());
        }
    }

    private Hook hook(Call call) {
        return PipelineRoutes.id(call.pathParameter("pipeline")).flatMap(catalogue::current).stream()
                .flatMap(version -> version.pipeline().triggers().stream()
                        .filter(trigger -> trigger.id().value().equals(call.pathParameter("trigger")))
                        .filter(trigger -> trigger.source() instanceof WebhookSource)
                        .map(trigger -> new Hook(version, trigger, (WebhookSource) trigger.source())))
                .findFirst()
                .orElseThrow(() ->
                        new ProblemException(ProblemKind.NO_SUCH_RESOURCE, "there is no webhook at " + call.path()));
    }

    /** What is wrong with a signature is not told: it helps nobody but those who forge one. */
    private void authenticate(Hook hook, ArrivedRequest request) {
        try {
            if (!webhooks.isAuthentic(hook.source(), request)) {
                throw new ProblemException(
                        ProblemKind.INVALID_SIGNATURE,
                        "the signature is missing, wrong or too old",
                        Map.of(),
                        Map.of("WWW-Authenticate", "Signature"));
            }
        } catch (SecretException e) {
            complain(hook, e.sentence());
            throw Problems.later(
                    ProblemKind.UNAVAILABLE,
                    "this coordinator cannot check the signature; its log tells why",
                    UNTIL_MENDED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problems.later(ProblemKind.UNAVAILABLE, "this coordinator is stopping", UNTIL_MENDED);
        }
    }

    /** Not for each request: anybody can send those. */
    private void complain(Hook hook, String sentence) {
        Instant now = clock.instant();
        Instant told = complaints.get(hook.id());
        if (told == null || told.plus(BETWEEN_COMPLAINTS).isBefore(now)) {
            complaints.put(hook.id(), now);
            log.error("Requests to the webhook {} cannot be checked: {}", hook.id(), sentence);
        }
    }

    private static Object event(Call call, WebhookSender from) {
        boolean form = from == WebhookSender.GITHUB && call.mediaType().equals(FORM);
        if (!form && call.mediaType().equals(FORM)) {
            throw call.unsupported(Call.JSON);
        }
        String text = form ? payload(call.text()) : call.text();
        try {
            Object event = Document.parseValue(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
            if (event instanceof Map || event instanceof Collection) {
                return event;
            }
        } catch (InvalidDocumentException e) {
            throw new ProblemException(
                    ProblemKind.MALFORMED_JSON,
                    "the body: " + String.valueOf(e.getMessage()).replaceAll(LIMIT_OF_JACKSON, ""));
        }
        throw new ProblemException(ProblemKind.MALFORMED_JSON, "the body must be a JSON object or list");
    }

    /** GitHub sends what it has to say as a form, unless it is told to send JSON. */
    private static String payload(String form) {
        for (String field : form.split("&", -1)) {
            if (field.startsWith(FORM_PAYLOAD)) {
                try {
                    return URLDecoder.decode(field.substring(FORM_PAYLOAD.length()), UTF_8);
                } catch (IllegalArgumentException e) {
                    throw new ProblemException(ProblemKind.MALFORMED_REQUEST, "the form is not well-formed");
                }
            }
        }
        throw new ProblemException(ProblemKind.MALFORMED_REQUEST, "the form has no payload");
    }

    private static Map<String, String> query(Call call) {
        Map<String, String> query = new LinkedHashMap<>();
        call.query().forEach((name, values) -> query.put(name, String.join(", ", values)));
        return query;
    }

    private static Document inputs(Hook hook, TriggerScope scope) throws EvaluationException {
        Document inputs = hook.trigger().inputsOf(scope);
        Limits.STANDARD.excessRunInputs(inputs).ifPresent(excess -> {
            throw new ProblemException(ProblemKind.TOO_LARGE, excess);
        });
        return StartRequest.acceptable(inputs, hook.pipeline());
    }

    /** What tells the delivery from others; empty when nothing does, and it counts as one of its own. */
    private static Optional<String> delivery(Hook hook, ArrivedRequest request, Object event, TriggerScope scope)
            throws EvaluationException {
        WebhookSource source = hook.source();
        Optional<String> delivery = source.delivery().isPresent()
                ? Optional.of(source.delivery().get().of(scope))
                : Webhooks.delivery(source, request, event);
        if (delivery.isEmpty() && (source.isSigned() || source.from() != WebhookSender.GENERIC)) {
            throw new ProblemException(
                    ProblemKind.INVALID_IDEMPOTENCY_KEY,
                    "the request does not say which delivery it is, as those of "
                            + source.from().word() + " do");
        }
        if (delivery.filter(id -> !DELIVERY.matcher(id).matches()).isPresent()) {
            throw new ProblemException(
                    ProblemKind.INVALID_IDEMPOTENCY_KEY,
                    "what tells a delivery from others must be 1 to 255 printable ASCII characters");
        }
        return delivery;
    }

    /** Nothing is acknowledged that nobody acts upon; who sends it may do so again. */
    private void refuseWhilePaused(Hook hook) {
        if (pauses.isPaused(hook.version().id(), hook.trigger().id().value())) {
            throw Problems.later(
                    ProblemKind.TRIGGER_PAUSED, "nothing is started while the trigger is paused", PAUSED_FOR);
        }
    }

    private CompletionStage<Answer> start(
            Call call, Hook hook, Document inputs, Optional<String> delivery, Instant now) {
        String trigger = hook.trigger().id().value();
        RunId run = RunId.ofFiring(
                hook.version().id(),
                trigger,
                delivery.orElseGet(() -> UUID.randomUUID().toString()));
        RunTrigger cause = new RunTrigger(
                RunTrigger.Kind.WEBHOOK,
                StartRequest.source(call),
                delivery.orElse(null),
                null,
                null,
                new RunTrigger.Firing(trigger, now),
                null);
        return starter.start(run, hook.version(), inputs, cause).thenApply(accepted -> {
            runs.accepted(accepted.runId());
            return started(hook, accepted.runId());
        });
    }

    /** The run may be an earlier one, of an earlier version. */
    private Answer started(Hook hook, String run) {
        int version = history.summary(run)
                .map(RunSummary::version)
                .orElse(hook.version().version());
        return Answer.json(
                202,
                JsonText.object()
                        .put("started", true)
                        .put("id", run)
                        .put("pipeline", hook.version().id().value())
                        .put("version", version)
                        .put("location", Paths.run(run))
                        .putNull("reason"),
                Map.of("Location", Paths.run(run), Tokens.HEADER, Tokens.ofStart(run)));
    }

    private static Answer passedOver(Hook hook) {
        return Answer.json(
                202,
                JsonText.object()
                        .put("started", false)
                        .putNull("id")
                        .put("pipeline", hook.version().id().value())
                        .put("version", hook.version().version())
                        .putNull("location")
                        .put("reason", "the filter is false for this event"));
    }
}

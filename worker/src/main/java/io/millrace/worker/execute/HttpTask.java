package io.millrace.worker.execute;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.worker.http.AnswerBody;
import io.millrace.worker.http.HttpBody;
import io.millrace.worker.http.HttpCall;
import io.millrace.worker.http.HttpFault;
import io.millrace.worker.http.Statuses;
import io.millrace.worker.http.WebhookSigner;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the call that an {@code http} task is. */
final class HttpTask {
    private static final int REDIRECTS = 5;
    private static final int ANSWER_BYTES = 256 << 10;
    private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private final Delivery delivery;
    private final ConnectorDocument document;
    private final AnswerFile file;
    private final Instant at;

    /** @param at when this attempt is made */
    HttpTask(Delivery delivery, ConnectorDocument document, AnswerFile file, Instant at) {
        this.delivery = delivery;
        this.document = document;
        this.file = file;
        this.at = at;
    }

    HttpCall call() throws UnexecutableException, HttpFault, IOException {
        String method = document.required("method");
        Optional<HttpBody> body = body();
        String query = pairs("query");
        String url = document.required("url");
        int fragment = url.indexOf('#');
        String base = fragment < 0 ? url : url.substring(0, fragment);
        URI called = HttpCall.url(query.isEmpty() ? base : base + (base.indexOf('?') < 0 ? "?" : "&") + query);
        return new HttpCall(
                method,
                called,
                headers(method, body),
                body,
                document.member("timeout_ms").isMissingNode()
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(document.number("timeout_ms", 0))),
                (int) document.number("redirects", REDIRECTS),
                answer(called),
                statuses("ok", Statuses.SUCCESS),
                statuses("retry_on", Statuses.TRANSIENT));
    }

    private AnswerBody answer(URI called) throws UnexecutableException, IOException {
        if (!delivery.fileOutputs().contains(AnswerFile.MEMBER)) {
            return AnswerBody.inMemory(document.number("max_bytes", ANSWER_BYTES));
        }
        return file.take(
                called,
                document.member("max_bytes").isMissingNode()
                        ? Optional.empty()
                        : Optional.of(document.number("max_bytes", 0)));
    }

    private Optional<HttpBody> body() {
        JsonNode json = document.member("json");
        if (!json.isMissingNode()) {
            return Optional.of(HttpBody.text("application/json", json.toString(), document.hasSecretIn("json")));
        }
        Optional<String> text = document.text("text");
        if (text.isPresent()) {
            return Optional.of(HttpBody.text("text/plain; charset=utf-8", text.get(), document.hasSecretIn("text")));
        }
        return document.member("form").isMissingNode()
                ? Optional.empty()
                : Optional.of(HttpBody.text(
                        "application/x-www-form-urlencoded", pairs("form"), document.hasSecretIn("form")));
    }

    private Map<String, String> headers(String method, Optional<HttpBody> body) throws UnexecutableException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("user-agent", "Millrace");
        headers.put("accept", "application/json, */*;q=0.5");
        body.ifPresent(content -> headers.put("content-type", content.contentType()));
        if (CHANGING.contains(method)) {
            headers.put("idempotency-key", delivery.idempotencyKey());
        }
        authorization().ifPresent(value -> headers.put("authorization", value));
        for (Map.Entry<String, JsonNode> header : document.member("headers").properties()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (header.getValue().isNull()) {
                headers.remove(name);
            } else {
                headers.put(name, ConnectorDocument.plain(header.getValue()));
            }
        }
        headers.putAll(signature(body));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            boolean good = HEADER_NAME.matcher(header.getKey()).matches()
                    && header.getValue().chars().allMatch(c -> c == '\t' || c >= ' ' && c != 0x7f && c <= 0xff);
            if (!good) {
                throw new UnexecutableException(
                        "The header " + header.getKey()
                                + " cannot be sent: a value has no line ends, no other control characters, and none beyond ISO 8859-1.");
            }
        }
        return headers;
    }

    /** Its id is the idempotency key: what is sent again is known to be a repeat. */
    private Map<String, String> signature(Optional<HttpBody> body) throws UnexecutableException {
        Optional<String> secret = document.text("sign");
        if (secret.isEmpty()) {
            return Map.of();
        }
        return WebhookSigner.of(secret.get())
                .orElseThrow(
                        () -> new UnexecutableException("The secret of `sign` is no key of Standard Webhooks: those are"
                                + " base64, with or without whsec_ before it."))
                .headers(
                        delivery.idempotencyKey(), at, body.map(HttpBody::bytes).orElse(new byte[0]));
    }

    private Optional<String> authorization() {
        JsonNode auth = document.member("auth");
        if (auth.hasNonNull("bearer")) {
            return Optional.of("Bearer " + ConnectorDocument.plain(auth.path("bearer")));
        }
        JsonNode basic = auth.path("basic");
        if (!basic.isObject()) {
            return Optional.empty();
        }
        String pair =
                ConnectorDocument.plain(basic.path("user")) + ":" + ConnectorDocument.plain(basic.path("password"));
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** Names and values as in a query, encoded; null leaves out, and a list repeats. */
    private String pairs(String member) {
        List<String> pairs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : document.member(member).properties()) {
            Iterable<JsonNode> values = field.getValue().isArray() ? field.getValue() : List.of(field.getValue());
            for (JsonNode value : values) {
                if (!value.isNull()) {
                    pairs.add(encoded(field.getKey()) + "=" + encoded(ConnectorDocument.plain(value)));
                }
            }
        }
        return String.join("&", pairs);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Statuses statuses(String member, Statuses standard) {
        if (document.member(member).isMissingNode()) {
            return standard;
        }
        List<Statuses.Range> ranges = new ArrayList<>();
        for (JsonNode range : document.member(member)) {
            ranges.add(new Statuses.Range(range.path(0).asInt(), range.path(1).asInt()));
        }
        return new Statuses(ranges);
    }
}

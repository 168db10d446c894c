package io.millrace.coordinator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.expression.Document;
import io.millrace.pipeline.WebhookSender;
import io.millrace.pipeline.WebhookSource;
import io.millrace.schemas.secret.SecretException;
import io.millrace.schemas.secret.SecretProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Signatures as their senders publish them: GitHub's is the example of docs.github.com, "Validating webhook deliveries"; that of Standard Webhooks is the one of
 * the libraries at github.com/standard-webhooks. Stripe publishes how it signs and no signature whose secret is known; that one, and ours, were computed by
 * Python's hmac.
 */
class WebhooksTest {
    private static final Instant SIGNED_AT = Instant.ofEpochSecond(1_614_265_330);
    private static final Map<String, String> SECRETS = Map.of(
            "github", "It's a Secret to Everybody",
            "standard", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "bare", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "stripe", "whsec_dGhpcyBpcyBubyBrZXk",
            "generic", "our secret",
            "short", "abc",
            "other", "quite another secret");
    private static final String GITHUB = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private static final String STANDARD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final String STANDARD_BODY = "{\"test\": 2432232314}";
    private static final String STRIPE = "c6538fd695bf8fb77022e25d8c06a395feaef56c01ed0a34ef402c94a235d364";
    private static final String STRIPE_BODY = "{\"id\": \"evt_1\", \"object\": \"event\"}";
    private static final String GENERIC = "ad4c36824263d584587221deed09eaa20c4aaa2c8531ba4682f1853e50abc880";
    private static final String GENERIC_WITH_ID = "593258e5541fe674e234cf1080a9122f4272c6a349b20764e5f629e6d7238afe";

    private final Webhooks webhooks = new Webhooks(List.of(new SecretProvider() {
        @Override
        public Optional<String> find(String name) {
            return Optional.ofNullable(SECRETS.get(name));
        }

        @Override
        public String describe() {
            return "these";
        }
    }));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # as published
            true  | x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 | Hello, World!
            true  | x-hub-signature-256: sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17 | Hello, World!
            # tampered
            false | x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 | Hello, World?
            false | x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 | 'Hello, World! '
            false | x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18 | Hello, World!
            false | x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1  | Hello, World!
            false | x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1z | Hello, World!
            false | x-hub-signature-256: sha256= | Hello, World!
            false | x-hub-signature-256: 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 | Hello, World!
            false | x-hub-signature-256: sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 | Hello, World!
            false | x-hub-signature: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 | Hello, World!
            false | x-github-delivery: 1 | Hello, World!
            """)
    void checksGithubs(boolean valid, String header, String body) throws Exception {
        assertThat(isAuthentic(WebhookSender.GITHUB, "github", headers(header), body))
                .isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true  | v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
            true  | v1a,AAAA v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v2,x
            false | v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=
            false | v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
            false | g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
            false | v1,
            false | v1,%%%
            false | v1
            """)
    void checksThoseOfStandardWebhooks(boolean valid, String signature) throws Exception {
        for (WebhookSender sender : List.of(WebhookSender.STANDARD, WebhookSender.GITLAB)) {
            assertThat(isAuthentic(sender, "standard", standard(signature), STANDARD_BODY))
                    .isEqualTo(valid);
        }
        assertThat(isAuthentic(WebhookSender.STANDARD, "bare", standard(signature), STANDARD_BODY))
                .isEqualTo(valid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void needsEveryHeaderOfStandardWebhooks(String missing) throws Exception {
        Map<String, List<String>> headers = standard(STANDARD);
        headers.remove(missing);
        assertThat(isAuthentic(WebhookSender.STANDARD, "standard", headers, STANDARD_BODY))
                .isFalse();
        headers.put(missing, List.of("another"));
        assertThat(isAuthentic(WebhookSender.STANDARD, "standard", headers, STANDARD_BODY))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true  | t=1614265330,v1=@
            true  | v1=@, t=1614265330, v0=abc
            true  | t=1614265330,v1=0000,v1=@
            false | t=1614265330,v1=@@
            false | t=1614265330,v0=@
            false | t=1614265331,v1=@
            false | t=01614265330,v1=@
            false | t=1614265330,t=1614265330,v1=@
            false | t=,v1=@
            false | t=now,v1=@
            false | t=-1614265330,v1=@
            false | t=99999999999999999999,v1=@
            false | v1=@
            false | t=1614265330
            false | 1614265330,@
            """)
    void checksStripesAndOurs(boolean valid, String form) throws Exception {
        assertThat(isAuthentic(
                        WebhookSender.STRIPE,
                        "stripe",
                        headers("stripe-signature: " + form.replace("@", STRIPE)),
                        STRIPE_BODY))
                .isEqualTo(valid);
        assertThat(isAuthentic(
                        WebhookSender.GENERIC,
                        "generic",
                        headers("x-millrace-signature: " + form.replace("@", GENERIC)),
                        "{\"a\": 1}"))
                .isEqualTo(valid);
    }

    @Test
    void theIdOfADeliveryIsSignedInOurs() throws Exception {
        String signature = "x-millrace-signature: t=1614265330,v1=" + GENERIC_WITH_ID;
        assertThat(isAuthentic(
                        WebhookSender.GENERIC,
                        "generic",
                        headers(signature, "x-millrace-delivery: order-17"),
                        "{\"a\": 1}"))
                .isTrue();
        for (String other : List.of("x-millrace-delivery: order-18", "x-millrace-delivery: order-17.", "x: y")) {
            assertThat(isAuthentic(WebhookSender.GENERIC, "generic", headers(signature, other), "{\"a\": 1}"))
                    .isFalse();
        }
        String without = "x-millrace-signature: t=1614265330,v1=" + GENERIC;
        assertThat(isAuthentic(
                        WebhookSender.GENERIC,
                        "generic",
                        headers(without, "x-millrace-delivery: order-17"),
                        "{\"a\": 1}"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "300, true", "-300, true", "301, false", "-301, false", "86400, false"})
    void refusesWhatIsTooOldOrFromTheFuture(long secondsLater, boolean valid) throws Exception {
        Instant now = SIGNED_AT.plusSeconds(secondsLater);
        assertThat(isAuthentic(
                        WebhookSender.STRIPE,
                        "stripe",
                        headers("stripe-signature: t=1614265330,v1=" + STRIPE),
                        STRIPE_BODY,
                        now))
                .isEqualTo(valid);
        assertThat(isAuthentic(WebhookSender.STANDARD, "standard", standard(STANDARD), STANDARD_BODY, now))
                .isEqualTo(valid);
        assertThat(isAuthentic(
                        WebhookSender.GITHUB,
                        "github",
                        headers("x-hub-signature-256: " + GITHUB),
                        "Hello, World!",
                        now))
                .isTrue();
    }

    @Test
    void comparesTheSecretTokenOfGitlab() throws Exception {
        assertThat(isAuthentic(WebhookSender.GITLAB, "other", headers("x-gitlab-token: quite another secret"), "{}"))
                .isTrue();
        for (String wrong : List.of("quite another secre", "quite another secret2", "QUITE ANOTHER SECRET", "x")) {
            assertThat(isAuthentic(WebhookSender.GITLAB, "other", headers("x-gitlab-token: " + wrong), "{}"))
                    .isFalse();
        }
        assertThat(isAuthentic(WebhookSender.GITLAB, "other", headers(), "{}")).isFalse();
    }

    @Test
    void aSigningTokenOfGitlabIsNoToken() throws Exception {
        assertThat(isAuthentic(
                        WebhookSender.GITLAB,
                        "standard",
                        headers("x-gitlab-token: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                        STANDARD_BODY))
                .isFalse();
    }

    @Test
    void aHeaderThatIsGivenTwiceIsNone() throws Exception {
        assertThat(isAuthentic(
                        WebhookSender.GITHUB,
                        "github",
                        Map.of("x-hub-signature-256", List.of(GITHUB, GITHUB)),
                        "Hello, World!"))
                .isFalse();
    }

    @Test
    void oneOfSeveralSecretsIsEnough() throws Exception {
        WebhookSource source = new WebhookSource(
                WebhookSender.GITHUB, List.of("nowhere", "other", "github"), Duration.ofMinutes(5), Optional.empty());
        assertThat(webhooks.isAuthentic(source, request(headers("x-hub-signature-256: " + GITHUB), "Hello, World!")))
                .isTrue();
        assertThatThrownBy(() -> webhooks.isAuthentic(
                        source, request(headers("x-hub-signature-256: " + GITHUB), "Hello, World?")))
                .isInstanceOf(SecretException.class)
                .hasMessage("The secret 'nowhere' is not known to this coordinator; asked were these.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GITHUB   | nowhere | The secret 'nowhere' is not known to this coordinator; asked were these.
            GITHUB   | short   | The secret 'short' is refused: in these it has fewer than 4 characters, and could not be masked.
            STANDARD | other   | The secret 'other' is no key of Standard Webhooks: those are base64, with or without whsec_ before it.
            """)
    void saysWhatIsWrongWithASecretAndNotWhatItIs(WebhookSender sender, String secret, String sentence) {
        assertThatThrownBy(() -> isAuthentic(sender, secret, headers(), "{}"))
                .isInstanceOf(SecretException.class)
                .hasMessage(sentence);
        assertThat(new Signature.Secret("name", "value")).hasToString("name");
    }

    @Test
    void takesWhatIsNotSignedWhereThatIsMeant() throws Exception {
        WebhookSource open =
                new WebhookSource(WebhookSender.GENERIC, List.of(), Duration.ofMinutes(5), Optional.empty());
        assertThat(webhooks.isAuthentic(open, request(headers(), "{}"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GITHUB   | x-github-delivery: 72d3162e | 72d3162e
            GITHUB   | idempotency-key: 72d3162e |
            GITLAB   | idempotency-key: f5e5f430 | f5e5f430
            GITLAB   | webhook-id: f5e5f430; idempotency-key: 1 | f5e5f430
            GITLAB   | x-gitlab-event-uuid: 13792a34 | 13792a34.fddd397b5cea5eb6a17f48f53ed6aebe
            GITLAB   | x-gitlab-webhook-uuid: 13792a34 |
            STRIPE   | x: y | evt_1
            STANDARD | webhook-id: msg_1 | msg_1
            STANDARD | idempotency-key: msg_1 |
            GENERIC  | x-millrace-delivery: 17 | 17
            GENERIC  | x-millrace-signature: t=1614265330,v1=ab | 1614265330.fddd397b5cea5eb6a17f48f53ed6aebe
            GENERIC  | x-millrace-signature: v1=ab,v1=cd,t=1614265330 | 1614265330.fddd397b5cea5eb6a17f48f53ed6aebe
            GENERIC  | x: y |
            """)
    void tellsDeliveriesApart(WebhookSender sender, String headers, String delivery) {
        WebhookSource source = new WebhookSource(sender, List.of("any"), Duration.ofMinutes(5), Optional.empty());
        ArrivedRequest request = request(headers(headers.split("; ")), STRIPE_BODY);
        assertThat(Webhooks.delivery(source, request, Map.of("id", "evt_1"))).isEqualTo(Optional.ofNullable(delivery));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"id\": 7}", "{\"id\": null}"})
    void anEventOfStripeHasAnId(String ignored) {
        WebhookSource source =
                new WebhookSource(WebhookSender.STRIPE, List.of("any"), Duration.ofMinutes(5), Optional.empty());
        assertThat(Webhooks.delivery(source, request(headers(), ignored), Document.parseValue(ignored)))
                .isEmpty();
    }

    @Test
    void showsNoHeaderThatProvesAnything() {
        Map<String, List<String>> headers = headers(
                "x-github-event: push",
                "x-gitlab-token: s",
                "authorization: Basic s",
                "cookie: s",
                "webhook-signature: s");
        headers.put("accept", List.of("a", "b"));
        assertThat(Webhooks.shownHeaders(request(headers, "{}")))
                .isEqualTo(Map.of("x-github-event", "push", "accept", "a, b"));
    }

    private boolean isAuthentic(WebhookSender sender, String secret, Map<String, List<String>> headers, String body)
            throws Exception {
        return isAuthentic(sender, secret, headers, body, SIGNED_AT);
    }

    private boolean isAuthentic(
            WebhookSender sender, String secret, Map<String, List<String>> headers, String body, Instant now)
            throws Exception {
        return webhooks.isAuthentic(
                new WebhookSource(sender, List.of(secret), Duration.ofMinutes(5), Optional.empty()),
                new ArrivedRequest(headers, body.getBytes(UTF_8), now));
    }

    private static ArrivedRequest request(Map<String, List<String>> headers, String body) {
        return new ArrivedRequest(headers, body.getBytes(UTF_8), SIGNED_AT);
    }

    private static Map<String, List<String>> standard(String signature) {
        return headers(
                "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp: 1614265330",
                "webhook-signature: " + signature);
    }

    private static Map<String, List<String>> headers(String... lines) {
        return Arrays.stream(lines)
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(
                        parts -> parts[0], parts -> List.of(parts[1]), (one, other) -> one, TreeMap::new));
    }
}

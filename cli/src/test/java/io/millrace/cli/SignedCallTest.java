package io.millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.webhook.ArrivedRequest;
import io.millrace.coordinator.webhook.Webhooks;
import io.millrace.pipeline.WebhookSender;
import io.millrace.pipeline.WebhookSource;
import io.millrace.schemas.secret.SecretProvider;
import io.millrace.worker.http.WebhookSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker signs, a webhook of Millrace takes: {@code sign} of a call on one side, {@code from: standard} on the other. */
class SignedCallTest {
    private static final Instant AT = Instant.parse("2026-11-28T03:00:00Z");
    private static final byte[] BODY = "{\"event\":\"geprüft\"}".getBytes(UTF_8);
    private static final String ID = "01JD-run/tell[7]";

    private static boolean isAuthentic(String secret, Map<String, String> sent, byte[] body, Instant now)
            throws Exception {
        Map<String, List<String>> headers = sent.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
        return new Webhooks(List.of(knowing(secret)))
                .isAuthentic(
                        new WebhookSource(
                                WebhookSender.STANDARD, List.of("hook"), Duration.ofMinutes(5), Optional.empty()),
                        new ArrivedRequest(headers, body, now));
    }

    private static SecretProvider knowing(String secret) {
        return new SecretProvider() {
            @Override
            public Optional<String> find(String name) {
                return Optional.of(secret);
            }

            @Override
            public String describe() {
                return "testing";
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "c2lnbmluZyBrZXkgb2Ygb3Vycw=="})
    void isTakenWithOneKeyOnBothSides(String secret) throws Exception {
        Map<String, String> headers = WebhookSigner.of(secret).orElseThrow().headers(ID, AT, BODY);

        assertThat(isAuthentic(secret, headers, BODY, AT.plusSeconds(60))).isTrue();
        assertThat(isAuthentic(secret, headers, BODY, AT.plusSeconds(600))).isFalse();
        assertThat(isAuthentic(secret, headers, "{}".getBytes(UTF_8), AT)).isFalse();
        assertThat(isAuthentic("b3RoZXIga2V5", headers, BODY, AT)).isFalse();
    }

    @Test
    void aRepeatIsTheSameDelivery() {
        WebhookSource source =
                new WebhookSource(WebhookSender.STANDARD, List.of("hook"), Duration.ofMinutes(5), Optional.empty());
        WebhookSigner signer = WebhookSigner.of("a2V5").orElseThrow();
        for (Instant attempt : List.of(AT, AT.plusSeconds(90))) {
            Map<String, List<String>> headers = signer.headers(ID, attempt, BODY).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
            assertThat(Webhooks.delivery(source, new ArrivedRequest(headers, BODY, attempt), Map.of()))
                    .contains(ID);
        }
    }
}

package io.millrace.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignerTest {
    /** The example that the libraries of Standard Webhooks are tested with. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                " whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"
            })
    void signsAsTheSpecificationSays(String secret) {
        assertThat(WebhookSigner.of(secret)
                        .orElseThrow()
                        .headers(
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                Instant.ofEpochSecond(1_614_265_330, 999_000_000),
                                "{\"test\": 2432232314}".getBytes(UTF_8)))
                .hasSize(3)
                .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "no base64!", "whsec_a"})
    void whatIsNoKeySignsNothing(String secret) {
        assertThat(WebhookSigner.of(secret)).isEmpty();
    }

    @Test
    void itsHeadersAreKnownByName() {
        assertThat(WebhookSigner.HEADERS)
                .isEqualTo(WebhookSigner.of("a2V5")
                        .orElseThrow()
                        .headers("id", Instant.EPOCH, new byte[0])
                        .keySet());
    }
}

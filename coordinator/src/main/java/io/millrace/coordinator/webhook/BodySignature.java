package io.millrace.coordinator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;

/**
 * GitHub's: {@code X-Hub-Signature-256: sha256=<hex>} over the body alone (docs.github.com, "Validating webhook deliveries"). No time is signed.
 */
final class BodySignature implements Signature {
    private static final String HEADER = "x-hub-signature-256";
    private static final String PREFIX = "sha256=";

    @Override
    public boolean isValid(ArrivedRequest request, Secret secret, Duration tolerance) {
        byte[] code = Hmac.of(secret.value().getBytes(UTF_8), "", request.body());
        return request.header(HEADER)
                .filter(given -> given.startsWith(PREFIX))
                .filter(given -> Hmac.isHexOf(code, given.substring(PREFIX.length())))
                .isPresent();
    }
}

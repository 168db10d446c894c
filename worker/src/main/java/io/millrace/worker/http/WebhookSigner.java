package io.millrace.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs calls so that their receiver knows who has sent them, and that nobody has changed them (standardwebhooks.com, specification 1.0): {@code
 * webhook-signature: v1,<base64>}, an HMAC with SHA-256 over {@code webhook-id}, {@code webhook-timestamp} and the body, with dots between them.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class WebhookSigner {
    /** The headers that a signature is made of; they mean nothing with another body. */
    static final Set<String> HEADERS = Set.of("webhook-id", "webhook-timestamp", "webhook-signature");

    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private WebhookSigner(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Who signs with this secret: base64, with or without {@code whsec_} before it. Empty when it is no key. */
    public static Optional<WebhookSigner> of(String secret) {
        String text = secret.strip();
        try {
            byte[] key = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
            return key.length == 0 ? Optional.empty() : Optional.of(new WebhookSigner(key));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * What a call carries besides, by header in lower case.
     *
     * @param id the same at every attempt, so that a receiver knows a repeat
     * @param at when this attempt is made; sent in seconds
     * @param body the bytes that are sent
     */
    public Map<String, String> headers(String id, Instant at, byte[] body) {
        String time = Long.toString(at.getEpochSecond());
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + "." + time + ".").getBytes(UTF_8));
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(body));
            return Map.of("webhook-id", id, "webhook-timestamp", time, "webhook-signature", "v1," + signature);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM + ", and it takes any key", e);
        }
    }
}

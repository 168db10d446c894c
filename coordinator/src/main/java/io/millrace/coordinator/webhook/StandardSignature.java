package io.millrace.coordinator.webhook;

import io.millrace.schemas.secret.SecretException;
import java.time.Duration;
import java.util.Optional;

/**
 * That of Standard Webhooks (standardwebhooks.com, specification 1.0): {@code webhook-signature: v1,<base64>} over {@code webhook-id}, {@code
 * webhook-timestamp} and the body, with dots between them; of several, separated by spaces, one has to be right. The secret is base64, with or without
 * {@code whsec_} before it.
 */
final class StandardSignature implements Signature {
    static final String PREFIX = "whsec_";
    static final String ID = "webhook-id";

    private static final String VERSION = "v1,";

    @Override
    public boolean isValid(ArrivedRequest request, Secret secret, Duration tolerance) throws SecretException {
        byte[] key = key(secret);
        Optional<String> id = request.header(ID);
        Optional<String> time = request.header("webhook-timestamp");
        Optional<String> signatures = request.header("webhook-signature");
        if (id.isEmpty()
                || time.isEmpty()
                || signatures.isEmpty()
                || !SignedTime.isNear(time.get(), request.at(), tolerance)) {
            return false;
        }
        byte[] code = Hmac.of(key, id.get() + "." + time.get() + ".", request.body());
        boolean found = false;
        for (String signature : signatures.get().split(" ", -1)) {
            found |= signature.startsWith(VERSION) && Hmac.isBase64Of(code, signature.substring(VERSION.length()));
        }
        return found;
    }

    private static byte[] key(Secret secret) throws SecretException {
        String text = secret.value().strip();
        return Hmac.base64(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text)
                .filter(key -> key.length > 0)
                .orElseThrow(() -> SecretException.permanent("The secret '" + secret.name()
                        + "' is no key of Standard Webhooks: those are base64, with or without " + PREFIX
                        + " before it."));
    }
}

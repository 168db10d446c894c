package io.millrace.coordinator.webhook;

import io.millrace.schemas.secret.SecretException;
import java.time.Duration;

/**
 * GitLab's: a signing token, which is a key of {@link StandardSignature} and begins with {@code whsec_}; or a secret token, which is sent as it is in
 * {@code X-Gitlab-Token}. Which of the two it is follows from the secret and not from the request, so that nobody can choose the weaker one.
 */
final class GitlabSignature implements Signature {
    private final Signature signed = new StandardSignature();

    @Override
    public boolean isValid(ArrivedRequest request, Secret secret, Duration tolerance) throws SecretException {
        return secret.value().startsWith(StandardSignature.PREFIX)
                ? signed.isValid(request, secret, tolerance)
                : request.header("x-gitlab-token")
                        .filter(given -> Hmac.isSame(given, secret.value()))
                        .isPresent();
    }
}

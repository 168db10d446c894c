package io.millrace.worker.execute;

import io.millrace.schemas.secret.SecretProvider;
import java.util.Map;
import java.util.Optional;

/** Knows the secrets that a test gives it. */
record TestingSecrets(Map<String, String> values) implements SecretProvider {
    @Override
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public String describe() {
        return "testing";
    }
}

package io.millrace.coordinator.api;

import io.millrace.schemas.secret.SecretProvider;
import java.util.Map;
import java.util.Optional;

/** Secrets that a test tells. */
record TestingSecrets(Map<String, String> values) implements SecretProvider {
    @Override
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public String describe() {
        return "the test";
    }
}

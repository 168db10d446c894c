package io.millrace.schemas.secret;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Secrets in the process's own environment: the secret {@code db_password} is the variable {@code <prefix>DB_PASSWORD}. */
final class EnvironmentSecrets implements SecretProvider {
    private final String prefix;
    private final Map<String, String> environment;

    EnvironmentSecrets(String prefix, Map<String, String> environment) {
        this.prefix = prefix;
        this.environment = environment;
    }

    @Override
    public Optional<String> find(String name) {
        return Optional.ofNullable(environment.get(prefix + name.toUpperCase(Locale.ROOT)));
    }

    @Override
    public String describe() {
        return "env:" + prefix;
    }

    @Override
    public boolean hides(String variable) {
        return variable.startsWith(prefix);
    }
}

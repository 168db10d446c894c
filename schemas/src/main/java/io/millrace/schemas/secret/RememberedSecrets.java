package io.millrace.schemas.secret;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what a provider said for a while, so that a thousand tasks are not a thousand programs; a value that was changed is seen after that while. What
 * a provider does not know, and failures, are not kept.
 *
 * <p><b>Threading:</b> safe; two threads may ask the provider for the same secret at the same time.
 */
final class RememberedSecrets implements SecretProvider {
    private static final int MOST = 1_000;

    private final SecretProvider provider;
    private final Duration lifetime;
    private final Clock clock;
    private final Map<String, Known> known = new LinkedHashMap<>();

    private record Known(String value, Instant until) {}

    RememberedSecrets(SecretProvider provider, Duration lifetime, Clock clock) {
        this.provider = provider;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    @Override
    public Optional<String> find(String name) throws SecretException, InterruptedException {
        Instant now = clock.instant();
        synchronized (known) {
            known.values().removeIf(each -> !now.isBefore(each.until()));
            Known remembered = known.get(name);
            if (remembered != null) {
                return Optional.of(remembered.value());
            }
        }
        Optional<String> found = provider.find(name);
        synchronized (known) {
            if (found.isPresent() && known.size() < MOST) {
                known.put(name, new Known(found.get(), now.plus(lifetime)));
            }
        }
        return found;
    }

    @Override
    public String describe() {
        return provider.describe();
    }
}

package io.millrace.schemas.secret;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a process finds the values of secrets.
 *
 * <p><b>Threading:</b> any number of executing threads ask at the same time.
 */
public interface SecretProvider {
    /**
     * The value of a secret, or nothing when this provider does not know it; the next one is asked then.
     *
     * @param name a letter or underscore, then letters, digits and underscores, at most 63 characters
     * @throws SecretException when the value cannot be had now, or must not be used; no other provider is asked then, since what an operator has put
     *     first must not be replaced by what lies behind it
     */
    Optional<String> find(String name) throws SecretException, InterruptedException;

    /** How the provider is written in the settings; without any value. */
    String describe();

    /** Whether this variable of the environment holds secrets, so that no script may inherit it. */
    default boolean hides(String variable) {
        return false;
    }

    /** The environment without what {@link #hides} tells. */
    static Map<String, String> withoutSecrets(Map<String, String> environment, Iterable<SecretProvider> providers) {
        Map<String, String> rest = new HashMap<>(environment);
        providers.forEach(provider -> rest.keySet().removeIf(provider::hides));
        return rest;
    }
}

package io.millrace.worker.secret;

import io.millrace.schemas.secret.SecretException;
import io.millrace.schemas.secret.SecretProvider;
import io.millrace.schemas.secret.SecretSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The secrets of one execution: whatever is resolved here is hidden by {@link #mask} before it is handed out.
 *
 * <p><b>Threading:</b> the executing thread resolves; any thread masks.
 */
public final class AttemptSecrets {
    private final SecretSource source;
    private final Mask mask = new Mask();

    /** Secrets of these providers, asked in their order. */
    public AttemptSecrets(List<SecretProvider> providers) {
        this.source = new SecretSource("this worker", providers);
    }

    /** What hides the secrets that were resolved so far. */
    public Mask mask() {
        return mask;
    }

    /**
     * The value of a secret.
     *
     * @throws SecretException when it is unknown, cannot be had now, or could not be kept secret; the message names it, and the providers
     */
    public String resolve(String name) throws SecretException, InterruptedException {
        String value = source.resolve(name);
        mask.add(value);
        return value;
    }

    /** The values of secrets that environment variables hold; their names by those of the variables. */
    public Map<String, String> resolveAll(Map<String, String> names) throws SecretException, InterruptedException {
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> variable : names.entrySet()) {
            values.put(variable.getKey(), resolve(variable.getValue()));
        }
        return values;
    }
}

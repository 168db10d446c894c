package io.millrace.worker.secret;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secrets of one execution: whatever is resolved here is hidden by {@link #mask} before it is handed out.
 *
 * <p><b>Threading:</b> the executing thread resolves; any thread masks.
 */
public final class AttemptSecrets {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private final List<SecretProvider> providers;
    private final Mask mask = new Mask();

    /** Secrets of these providers, asked in their order. */
    public AttemptSecrets(List<SecretProvider> providers) {
        this.providers = List.copyOf(providers);
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
        if (!NAME.matcher(name).matches()) {
            throw SecretException.permanent("A secret cannot be called '" + (name.length() > 100 ? "…" : name)
                    + "': its name is letters, digits and underscores, at most 63.");
        }
        List<String> asked = new ArrayList<>();
        for (SecretProvider provider : providers) {
            Optional<String> value = provider.find(name);
            if (value.isPresent()) {
                return hidden(name, value.get(), provider);
            }
            asked.add(provider.describe());
        }
        throw SecretException.permanent("The secret '" + name + "' is not known to this worker; asked were "
                + (asked.isEmpty() ? "no providers." : String.join(", ", asked) + "."));
    }

    /** The values of secrets that environment variables hold; their names by those of the variables. */
    public Map<String, String> resolveAll(Map<String, String> names) throws SecretException, InterruptedException {
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> variable : names.entrySet()) {
            values.put(variable.getKey(), resolve(variable.getValue()));
        }
        return values;
    }

    private String hidden(String name, String value, SecretProvider provider) throws SecretException {
        if (value.strip().length() < MaskedForms.SHORTEST) {
            throw SecretException.permanent("The secret '" + name + "' is refused: in " + provider.describe()
                    + " it has fewer than " + MaskedForms.SHORTEST + " characters, and could not be masked.");
        }
        if (value.indexOf('\0') >= 0) {
            throw SecretException.permanent("The secret '" + name + "' is refused: in " + provider.describe()
                    + " it holds a NUL character, which no variable can hold.");
        }
        mask.add(value);
        return value;
    }
}

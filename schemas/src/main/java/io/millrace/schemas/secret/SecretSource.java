package io.millrace.schemas.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secrets that a process knows: of its providers the first that knows a name is taken.
 *
 * <p><b>Threading:</b> safe for any number of threads, as its providers are.
 */
public final class SecretSource {
    /** The least characters that a secret has, white space around it left out: a shorter one is guessed, and cannot be masked. */
    public static final int SHORTEST = 4;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private final String owner;
    private final List<SecretProvider> providers;

    /**
     * Secrets of these providers, asked in their order.
     *
     * @param owner who asks, for people: {@code this worker}
     */
    public SecretSource(String owner, List<SecretProvider> providers) {
        this.owner = owner;
        this.providers = List.copyOf(providers);
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
                return checked(name, value.get(), provider);
            }
            asked.add(provider.describe());
        }
        throw SecretException.permanent("The secret '" + name + "' is not known to " + owner + "; asked were "
                + (asked.isEmpty() ? "no providers." : String.join(", ", asked) + "."));
    }

    private static String checked(String name, String value, SecretProvider provider) throws SecretException {
        if (value.strip().length() < SHORTEST) {
            throw SecretException.permanent("The secret '" + name + "' is refused: in " + provider.describe()
                    + " it has fewer than " + SHORTEST + " characters, and could not be masked.");
        }
        if (value.indexOf('\0') >= 0) {
            throw SecretException.permanent("The secret '" + name + "' is refused: in " + provider.describe()
                    + " it holds a NUL character, which no variable can hold.");
        }
        return value;
    }
}

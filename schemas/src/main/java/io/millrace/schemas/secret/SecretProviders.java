package io.millrace.schemas.secret;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the settings {@code worker.secrets.provider} and {@code coordinator.secrets.provider}: providers separated by commas, asked in this order. */
public final class SecretProviders {
    /** What is asked where nothing is set: variables such as {@code MILLRACE_SECRET_DB_PASSWORD}. */
    public static final String STANDARD = "env:MILLRACE_SECRET_";

    private static final String OURS = "MILLRACE_SECRET_";

    private static final String FORMS =
            "it must be a list, separated by commas, of env:<prefix of variables>, file:<absolute directory> and"
                    + " command:<absolute program with "
                    + CommandSecrets.NAME + " among its arguments>";
    private static final String SETTINGS = "MILLRACE_";
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);
    private static final Duration COMMAND_MEMORY = Duration.ofMinutes(1);

    private SecretProviders() {}

    /**
     * Reads the setting; a program is given the environment without Millrace's settings, 10 s, and is asked again after a minute.
     *
     * @throws IllegalArgumentException which says what is allowed
     */
    public static List<SecretProvider> read(String text) {
        return read(text, System.getenv());
    }

    static List<SecretProvider> read(String text, Map<String, String> environment) {
        List<SecretProvider> providers = new ArrayList<>();
        for (String form : text.split(",", -1)) {
            try {
                providers.add(provider(form.strip(), environment));
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(FORMS, e);
            }
        }
        return List.copyOf(providers);
    }

    private static SecretProvider provider(String form, Map<String, String> environment) {
        int colon = form.indexOf(':');
        String kind = colon < 0 ? "" : form.substring(0, colon);
        String rest = form.substring(colon + 1).strip();
        return switch (kind) {
            case "env" -> environment(rest, environment);
            case "file" -> directory(rest);
            case "command" -> command(rest, environment);
            default -> throw new IllegalArgumentException(FORMS);
        };
    }

    private static SecretProvider environment(String prefix, Map<String, String> environment) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(FORMS);
        }
        boolean reachesSettings = SETTINGS.startsWith(prefix) || prefix.startsWith(SETTINGS);
        if (reachesSettings && !prefix.startsWith(OURS)) {
            throw new IllegalArgumentException(
                    "it must not reach Millrace's own settings: a prefix beside MILLRACE_, or MILLRACE_SECRET_");
        }
        return new EnvironmentSecrets(prefix, environment);
    }

    private static SecretProvider directory(String path) {
        Path directory = Path.of(path);
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException(FORMS);
        }
        return new FileSecrets(directory.normalize());
    }

    private static SecretProvider command(String line, Map<String, String> environment) {
        List<String> words = List.of(SPACE.split(line));
        boolean named = words.subList(1, words.size()).stream().anyMatch(word -> word.contains(CommandSecrets.NAME));
        if (!Path.of(words.get(0)).isAbsolute() || !named) {
            throw new IllegalArgumentException(FORMS);
        }
        Map<String, String> own = new HashMap<>(environment);
        own.keySet().removeIf(name -> name.startsWith(SETTINGS));
        return new RememberedSecrets(new CommandSecrets(words, own, COMMAND_LIMIT), COMMAND_MEMORY, Clock.systemUTC());
    }
}

package io.millrace.schemas.config;

import io.millrace.schemas.config.Origins.Given;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings from files, from the environment and from flags; of a key that is given more than once, the later of these three counts.
 * The setting {@code api.port} is {@code millrace.api.port} in a file, {@code MILLRACE_API_PORT} in the environment and
 * {@code api.port} as a flag. Keys are lowercase words separated by dots.
 *
 * <p>Reading a value never throws: a mistake is noted, and all of them are thrown at once, by {@link #check} those that were met so
 * far, by {@link #finish} those of the whole process and the keys that nobody asked for.
 *
 * <p><em>Threading:</em> not safe; settings are read by one thread at the start.
 */
public final class Settings {
    private final Map<String, Given> given;
    private final Set<String> mistakes = new LinkedHashSet<>();
    private final Set<String> asked = new TreeSet<>();
    private final Set<String> askedGroups = new TreeSet<>();

    private Settings(Map<String, Given> given, List<String> mistakes) {
        this.given = given;
        this.mistakes.addAll(mistakes);
    }

    /** Gathers settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings that hold nothing but these flags; for tests and for callers that have all values at hand. */
    public static Settings of(Map<String, String> flags) {
        return builder().flags(flags).build();
    }

    /** A text that is not empty. */
    public Setting<String> string(String key) {
        return read(key, Form.string());
    }

    /**
     * A text of a certain form.
     *
     * @param allowed the form in words, for the mistake: "it must be …"
     */
    public Setting<String> string(String key, Pattern form, String allowed) {
        return read(key, Form.string(form, allowed));
    }

    /** A whole number in this range, ends included. */
    public Setting<Integer> integer(String key, int least, int most) {
        return read(key, Form.integer(least, most));
    }

    /** {@code true} or {@code false}. */
    public Setting<Boolean> bool(String key) {
        return read(key, Form.bool());
    }

    /** A time in this range, ends included: a number with {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}. */
    public Setting<Duration> duration(String key, Duration least, Duration most) {
        return read(key, Form.duration(least, most));
    }

    /** An amount of memory or disk in this range, ends included: a whole number with {@code kB}, {@code MiB}, {@code GB}, … */
    public Setting<Long> bytes(String key, long least, long most) {
        return read(key, Form.bytes(least, most));
    }

    /** A URL with a host and one of these schemes. */
    public Setting<URI> uri(String key, String... schemes) {
        return read(key, Form.uri(schemes));
    }

    /** A path; whether there is such a file is not asked. */
    public Setting<Path> path(String key) {
        return read(key, Form.path());
    }

    /** One or more {@code host:port}, separated by commas. */
    public Setting<List<String>> hostPorts(String key) {
        return read(key, Form.hostPorts());
    }

    /** One or more texts, separated by commas. */
    public Setting<List<String>> list(String key) {
        return read(key, Form.list(Form.string()));
    }

    /** One of the constants, in lowercase. */
    public <E extends Enum<E>> Setting<E> oneOf(String key, Class<E> type) {
        return read(key, Form.oneOf(type));
    }

    /**
     * A value of the caller's own type.
     *
     * @param standIn takes the place of a value that is missing or wrong, until the mistakes are thrown
     * @param reading throws {@link IllegalArgumentException}, whose message is what is allowed
     */
    public <T> Setting<T> value(String key, T standIn, Function<String, T> reading) {
        return read(key, new Form<>(standIn, reading));
    }

    /** All settings that start with this key and a dot, without that; none of them is unknown. */
    public Map<String, String> group(String key) {
        askedGroups.add(key + ".");
        var members = new TreeMap<String, String>();
        given.forEach((name, value) -> {
            if (name.startsWith(key + ".")) {
                members.put(name.substring(key.length() + 1), value.value());
            }
        });
        return members;
    }

    /**
     * Notes a mistake that only the reader of several settings can see.
     *
     * @param key the setting that is to be changed
     * @param allowed what is allowed, for people: "it must be …"
     */
    public void mistake(String key, String allowed) {
        var value = given.get(key);
        mistakes.add(value == null ? Origins.PREFIX + key + ": " + allowed : described(key, value) + ": " + allowed);
    }

    /**
     * Throws all mistakes that were met so far; to be called before the values are used.
     *
     * @throws SettingsException when there is a mistake
     */
    public void check() {
        if (!mistakes.isEmpty()) {
            throw new SettingsException(List.copyOf(mistakes));
        }
    }

    /**
     * Reads one module's configuration, and leaves its mistakes to {@link #finish}, so that the mistakes of all modules are reported
     * together.
     *
     * @param module reads and checks
     * @return the configuration, to be asked for after {@link #finish}
     */
    public <C> Supplier<C> reading(Function<Settings, C> module) {
        C configuration;
        try {
            configuration = module.apply(this);
        } catch (SettingsException noted) {
            return () -> {
                throw noted;
            };
        }
        return () -> configuration;
    }

    /**
     * Throws all mistakes, unknown keys included; to be called when every module has read its settings.
     *
     * @throws SettingsException when there is a mistake
     */
    public void finish() {
        given.forEach((key, value) -> {
            if (!asked.contains(key) && askedGroups.stream().noneMatch(key::startsWith)) {
                var suggestion = Suggestion.of(key, asked)
                        .map(near -> "; did you mean " + value.spelledLikeThis(near) + "?")
                        .orElse("");
                mistakes.add(described(key, value) + ": there is no such setting" + suggestion);
            }
        });
        check();
    }

    private <T> Setting<T> read(String key, Form<T> form) {
        asked.add(key);
        var value = given.get(key);
        @Nullable T read = null;
        if (value != null) {
            try {
                read = form.read(value.value());
            } catch (IllegalArgumentException e) {
                mistake(key, Optional.ofNullable(e.getMessage()).orElse("it has the wrong form"));
            }
        }
        return new Setting<>(read, value != null && read == null, form.standIn(), allowed -> mistake(key, allowed));
    }

    private static String described(String key, Given given) {
        return given.name() + "=" + Secrets.masked(key, given.value()) + given.place();
    }

    /** The settings with secrets masked. */
    @Override
    public String toString() {
        var masked = new TreeMap<String, String>();
        given.forEach((key, value) -> masked.put(Origins.PREFIX + key, Secrets.masked(key, value.value())));
        return masked.toString();
    }

    /** Gathers settings from where they are written. */
    public static final class Builder {
        private final List<String> mistakes = new ArrayList<>();
        private final Map<String, Given> files = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Set<String> ignored = new LinkedHashSet<>();
        private final Map<String, String> flags = new LinkedHashMap<>();

        private Builder() {}

        /** A {@code .properties} file in UTF-8; of several, the later counts. That it cannot be read is a mistake. */
        public Builder file(Path file) {
            files.putAll(Origins.file(file, mistakes));
            return this;
        }

        /** Environment variables; those that do not start with {@code MILLRACE_} are none of ours. */
        public Builder environment(Map<String, String> variables) {
            environment.putAll(variables);
            return this;
        }

        /** Environment variables that start with {@code MILLRACE_} and are no settings, such as those of a start script. */
        public Builder ignoring(Set<String> variables) {
            ignored.addAll(variables);
            return this;
        }

        /** A flag of the command line, named by its key. */
        public Builder flag(String key, String value) {
            flags.put(key, value);
            return this;
        }

        /** Flags of the command line, named by their keys. */
        public Builder flags(Map<String, String> values) {
            flags.putAll(values);
            return this;
        }

        /** The settings; nothing is thrown yet. */
        public Settings build() {
            var given = new LinkedHashMap<>(files);
            given.putAll(Origins.environment(environment, ignored));
            given.putAll(Origins.flags(flags));
            return new Settings(given, mistakes);
        }
    }
}

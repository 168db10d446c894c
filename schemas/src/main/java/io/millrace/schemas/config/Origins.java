package io.millrace.schemas.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** Reads what is given in files, in the environment and by flags, each under the setting's own key and with the name it came by. */
final class Origins {
    static final String PREFIX = "millrace.";

    /** More than any file of settings needs; a device that never ends has more. */
    private static final int MAX_BYTES = 1 << 20;

    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final String ENVIRONMENT_PREFIX = "MILLRACE_";

    /** What a worker tells the script of a task. A script may well run Millrace's own command, which must not take them for settings. */
    private static final Set<String> SCRIPT_PROTOCOL = Set.of(
            "MILLRACE_INPUTS",
            "MILLRACE_OUTPUT",
            "MILLRACE_RUN_ID",
            "MILLRACE_PIPELINE",
            "MILLRACE_VERSION",
            "MILLRACE_TASK",
            "MILLRACE_ATTEMPT",
            "MILLRACE_EPOCH",
            "MILLRACE_IDEMPOTENCY_KEY",
            "MILLRACE_QUEUE");

    /** Secrets of tasks, which a worker's provider reads by name (see docs/secrets.md). */
    private static final String SECRETS = "MILLRACE_SECRET_";

    private Origins() {}

    /**
     * A value that was given.
     *
     * @param name the key as it was written there
     * @param value the text
     * @param place where it was written, for people; empty when the name says it
     */
    record Given(String name, String value, String place) {
        /** The other key in the same spelling, for a suggestion. */
        String spelledLikeThis(String key) {
            if (name.startsWith(ENVIRONMENT_PREFIX)) {
                return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
            }
            return name.startsWith("--") ? "--" + key : PREFIX + key;
        }
    }

    static Map<String, Given> file(Path file, List<String> mistakes) {
        var given = new LinkedHashMap<String, Given>();
        var properties = new NoticingProperties();
        try {
            properties.load(new StringReader(text(file)));
        } catch (IOException | IllegalArgumentException e) {
            mistakes.add("the settings file " + file + " cannot be read: " + reason(file, e));
            return given;
        }
        for (var name : properties.doubles) {
            mistakes.add(name + " in " + file + " is given more than once");
        }
        for (var name : properties.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                var key = name.substring(PREFIX.length());
                given.put(key, new Given(name, properties.getProperty(name), " in " + file));
            } else {
                mistakes.add(
                        name + " in " + file + " is not a setting: the names of all settings start with " + PREFIX);
            }
        }
        return given;
    }

    private static String text(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException("it has more than " + MAX_BYTES + " bytes");
        }
        var text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static String reason(Path file, Exception e) {
        if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof CharacterCodingException ? "it is not UTF-8" : String.valueOf(e.getMessage());
    }

    /** Of a key that is given twice, Java silently takes the second value: a mistake that is hard to find. */
    private static final class NoticingProperties extends Properties {
        private static final long serialVersionUID = 1;

        private final transient Set<String> doubles = new TreeSet<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            if (containsKey(key)) {
                doubles.add(key.toString());
            }
            return super.put(key, value);
        }
    }

    static Map<String, Given> environment(Map<String, String> environment, Set<String> ignored) {
        var given = new LinkedHashMap<String, Given>();
        environment.forEach((name, value) -> {
            boolean another = SCRIPT_PROTOCOL.contains(name) || name.startsWith(SECRETS) || ignored.contains(name);
            if (name.startsWith(ENVIRONMENT_PREFIX) && !another) {
                var key = name.substring(ENVIRONMENT_PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                given.put(key, new Given(name, value, ""));
            }
        });
        return given;
    }

    static Map<String, Given> flags(Map<String, String> flags) {
        var given = new LinkedHashMap<String, Given>();
        flags.forEach((name, value) -> {
            var key = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
            given.put(key, new Given("--" + key, value, ""));
        });
        return given;
    }
}

package io.millrace.worker.sql;

import io.millrace.schemas.config.Settings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The databases that the tasks of a worker may use.
 *
 * @param byName by the name that tasks call them
 */
public record SqlSources(Map<String, SqlSource> byName) {
    /** None. */
    public static final SqlSources NONE = new SqlSources(Map.of());

    private static final String GROUP = "worker.sql.sources";
    private static final List<String> MEMBERS = List.of("url", "user", "password.secret", "driver.jar");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    /** Copies the map. */
    public SqlSources {
        byName = Map.copyOf(byName);
    }

    /**
     * Reads {@code worker.sql.sources.<name>.url}, {@code .user}, {@code .password.secret} and {@code .driver.jar}; mistakes are noted in the settings. A
     * dot in a name counts as an underscore, since the environment knows no difference.
     */
    public static SqlSources read(Settings settings) {
        Map<String, Map<String, String>> given = new TreeMap<>();
        settings.group(GROUP).forEach((key, value) -> {
            Optional<String> member =
                    MEMBERS.stream().filter(each -> key.endsWith("." + each)).findFirst();
            String name = member.map(each -> key.substring(0, key.length() - each.length() - 1))
                    .orElse("")
                    .replace('.', '_');
            if (member.isEmpty() || !NAME.matcher(name).matches()) {
                settings.mistake(
                        GROUP + "." + key,
                        "it must be " + GROUP + ".<name> with one of ." + String.join(", .", MEMBERS)
                                + "; a name is lower-case letters, digits and underscores");
            } else {
                given.computeIfAbsent(name, each -> new HashMap<>()).put(member.get(), value);
            }
        });
        Map<String, SqlSource> sources = new TreeMap<>();
        given.forEach(
                (name, members) -> source(name, members, settings).ifPresent(source -> sources.put(name, source)));
        return new SqlSources(sources);
    }

    private static Optional<SqlSource> source(String name, Map<String, String> members, Settings settings) {
        String key = GROUP + "." + name;
        String url = members.getOrDefault("url", "");
        if (!url.startsWith("jdbc:")) {
            settings.mistake(key + ".url", "it must be a URL of JDBC, such as jdbc:postgresql://127.0.0.1/orders");
            return Optional.empty();
        }
        Optional<String> secret = Optional.ofNullable(members.get("password.secret"));
        if (secret.isPresent() && !SECRET.matcher(secret.get()).matches()) {
            settings.mistake(key + ".password.secret", "it must be the name of a secret, not a password");
            return Optional.empty();
        }
        List<Path> jars = new ArrayList<>();
        for (String path : members.getOrDefault("driver.jar", "").split(",")) {
            if (!path.isBlank()) {
                jar(path.strip())
                        .ifPresentOrElse(
                                jars::add,
                                () -> settings.mistake(
                                        key + ".driver.jar", "it must be the paths of jar files, separated by commas"));
            }
        }
        return Optional.of(new SqlSource(url, Optional.ofNullable(members.get("user")), secret, jars));
    }

    private static Optional<Path> jar(String path) {
        try {
            Path jar = Path.of(path);
            return Files.isRegularFile(jar) ? Optional.of(jar.toAbsolutePath()) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}

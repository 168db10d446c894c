package io.millrace.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The parameters of a request, each at most once, in the order in which they were given. Immutable.
 *
 * @param parameters by name, not encoded yet
 */
public record Query(Map<String, String> parameters) {
    /** No parameters: everything is asked for. */
    public static final Query ALL = new Query(Map.of());

    /** Keeps the order. */
    public Query {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** These parameters and this one, in the place of one of the same name. */
    public Query with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new Query(more);
    }

    /** These parameters, and this one where there is a value. */
    public Query with(String name, Optional<String> value) {
        return value.map(given -> with(name, given)).orElse(this);
    }

    /** These parameters, and this one where there is a value: any of several is wanted. */
    public Query withAny(String name, Collection<String> values) {
        return values.isEmpty() ? this : with(name, String.join(",", values));
    }

    /** Whether nothing is asked for in particular. */
    public boolean isEmpty() {
        return parameters.isEmpty();
    }

    /** As it stands behind a path, with the question mark; nothing when there are no parameters. */
    public String text() {
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&", parameters.isEmpty() ? "" : "?", ""));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}

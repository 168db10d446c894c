package io.millrace.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Which runs to list, newest first.
 *
 * @param pipeline only the runs of this pipeline
 * @param status only runs in this state
 * @param limit at most so many, from 1
 */
public record RunFilter(Optional<String> pipeline, Optional<String> status, int limit) {
    String query() {
        StringBuilder query = new StringBuilder("?limit=").append(limit);
        pipeline.ifPresent(value -> query.append("&pipeline=").append(encoded(value)));
        status.ifPresent(value -> query.append("&status=").append(encoded(value)));
        return query.toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}

package io.millrace.coordinator.catalogue;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The key of a version in the topic of pipelines: compaction keeps every version, since runs are pinned to them. */
record VersionKey(String pipeline, int number) {
    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9_]{0,62})/([1-9][0-9]{0,8})");

    static Optional<VersionKey> parse(String key) {
        Matcher matcher = FORM.matcher(key);
        return matcher.matches()
                ? Optional.of(new VersionKey(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return pipeline + "/" + number;
    }
}

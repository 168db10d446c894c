package io.millrace.pipeline;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as they are written in a pipeline: {@code 512MiB}, {@code 2GiB}, {@code 500MB}. */
final class Sizes {
    static final String RULE = "a size such as 512MiB, 2GiB or 500MB";

    private static final Pattern SIZE = Pattern.compile("(?<number>[0-9]{1,6})(?<unit>[kKMGT]i?B)");
    private static final Map<String, Long> UNITS = Map.of(
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30,
            "TiB", 1L << 40,
            "kB", 1_000L,
            "KB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "TB", 1_000_000_000_000L);

    private Sizes() {}

    /** The size in bytes. */
    static Optional<Long> parse(String text) {
        Matcher parts = SIZE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(UNITS.get(parts.group("unit")))
                .map(unit -> unit * Long.parseLong(parts.group("number")));
    }

    /** In the largest unit of 1,024 that leaves a whole number. */
    static String format(long bytes) {
        String text = bytes + "B";
        for (String unit : new String[] {"KiB", "MiB", "GiB", "TiB"}) {
            long size = UNITS.getOrDefault(unit, 1L);
            if (bytes >= size && bytes % size == 0) {
                text = bytes / size + unit;
            }
        }
        return text;
    }
}

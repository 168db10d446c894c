package io.millrace.schemas.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the text of a setting must look like, and the value it stands for.
 *
 * @param standIn takes the place of a value that is missing or wrong until all mistakes are reported
 * @param reading throws {@link IllegalArgumentException}, whose message is what is allowed, for any other text
 */
record Form<T>(T standIn, Function<String, T> reading) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,18})\\s*(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})\\s*([kMGT]B|[KMGT]iB)");
    private static final List<String> BINARY_UNITS = List.of("KiB", "MiB", "GiB", "TiB");
    private static final List<String> DECIMAL_UNITS = List.of("kB", "MB", "GB", "TB");
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:,\\[\\]]+):(\\d{1,5})");
    private static final int LARGEST_PORT = 65_535;

    T read(String text) {
        return reading.apply(text.strip());
    }

    static Form<String> string() {
        return new Form<>("", text -> allowed(!text.isEmpty(), text, "it must not be empty"));
    }

    static Form<String> string(Pattern form, String allowed) {
        return new Form<>("", text -> allowed(form.matcher(text).matches(), text, allowed));
    }

    static Form<Integer> integer(int least, int most) {
        var allowed = "it must be a whole number from " + least + " to " + most;
        return new Form<>(least, text -> {
            int number;
            try {
                number = Integer.parseInt(text.replace("_", ""));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(allowed, e);
            }
            return allowed(number >= least && number <= most, number, allowed);
        });
    }

    static Form<Boolean> bool() {
        return new Form<>(false, text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("it must be true or false");
        });
    }

    static Form<Duration> duration(Duration least, Duration most) {
        var allowed = "it must be a time from " + text(least) + " to " + text(most)
                + ", as a number with ms, s, m, h or d: 10s, 5m, 250ms";
        return new Form<>(least, text -> {
            var matcher = DURATION.matcher(text);
            allowed(matcher.matches(), text, allowed);
            Duration duration;
            try {
                duration = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
            } catch (ArithmeticException tooLong) {
                throw new IllegalArgumentException(allowed, tooLong);
            }
            return allowed(duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0, duration, allowed);
        });
    }

    static Form<Long> bytes(long least, long most) {
        var allowed = "it must be a size from " + text(least) + " to " + text(most)
                + ", as a whole number with kB, MB, GB, TB, KiB, MiB, GiB or TiB: 512MiB, 2GB";
        return new Form<>(least, text -> {
            var matcher = SIZE.matcher(text);
            allowed(matcher.matches(), text, allowed);
            var bytes = Long.parseLong(matcher.group(1)) * bytes(matcher.group(2));
            return allowed(bytes >= least && bytes <= most, bytes, allowed);
        });
    }

    static Form<URI> uri(String... schemes) {
        var allowed = "it must be a URL such as " + schemes[0] + "://host:port";
        return new Form<>(URI.create(schemes[0] + "://localhost"), text -> {
            try {
                var uri = new URI(text);
                var known = Arrays.asList(schemes).contains(uri.getScheme());
                return allowed(known && uri.getHost() != null, uri, allowed);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(allowed, e);
            }
        });
    }

    static Form<Path> path() {
        return new Form<>(Path.of("."), text -> {
            allowed(!text.isEmpty(), text, "it must be the path of a file or directory");
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("it must be the path of a file or directory", e);
            }
        });
    }

    static Form<List<String>> hostPorts() {
        var allowed = "it must be host:port, several separated by commas, with ports from 1 to " + LARGEST_PORT;
        return list(new Form<>("localhost:1", text -> {
            var matcher = HOST_PORT.matcher(text);
            allowed(matcher.matches(), text, allowed);
            var port = Integer.parseInt(matcher.group(2));
            return allowed(port >= 1 && port <= LARGEST_PORT, text, allowed);
        }));
    }

    static <T> Form<List<T>> list(Form<T> element) {
        return new Form<>(List.of(element.standIn), text -> {
            var values = new ArrayList<T>();
            for (var part : text.split(",", -1)) {
                values.add(element.read(part));
            }
            return List.copyOf(values);
        });
    }

    static <E extends Enum<E>> Form<E> oneOf(Class<E> type) {
        var constants = type.getEnumConstants();
        var allowed =
                "it must be one of " + Arrays.stream(constants).map(Form::text).collect(Collectors.joining(", "));
        return new Form<>(
                constants[0],
                text -> Arrays.stream(constants)
                        .filter(constant -> text(constant).equals(text.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(allowed)));
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Duration duration(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** The duration in its largest whole unit. */
    private static String text(Duration duration) {
        var millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        var seconds = duration.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static long bytes(String unit) {
        var binary = BINARY_UNITS.indexOf(unit);
        return binary >= 0 ? 1L << 10 * (binary + 1) : (long) Math.pow(1000, DECIMAL_UNITS.indexOf(unit) + 1.0);
    }

    /** The size in its largest whole binary unit. */
    private static String text(long bytes) {
        var text = bytes + " bytes";
        for (var unit : BINARY_UNITS) {
            if (bytes > 0 && bytes % bytes(unit) == 0) {
                text = bytes / bytes(unit) + unit;
            }
        }
        return text;
    }

    private static <T> T allowed(boolean holds, T value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(allowed);
        }
        return value;
    }
}

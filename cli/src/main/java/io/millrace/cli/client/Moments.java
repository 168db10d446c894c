package io.millrace.cli.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments as they are typed: {@code now}, a time ago like {@code -90s}, {@code -15m}, {@code -1h} or {@code -2d}, or ISO 8601. */
public final class Moments {
    private static final Pattern AGO = Pattern.compile("-(\\d{1,6})([smhd])");

    private Moments() {}

    /** The moment that is meant; empty when the text is none. */
    public static Optional<Instant> parse(String text, Instant now) {
        String word = text.toLowerCase(Locale.ROOT);
        if (word.equals("now")) {
            return Optional.of(now);
        }
        Matcher ago = AGO.matcher(word);
        if (ago.matches()) {
            return Optional.of(now.minus(unit(ago.group(2)).multipliedBy(Long.parseLong(ago.group(1)))));
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }
}

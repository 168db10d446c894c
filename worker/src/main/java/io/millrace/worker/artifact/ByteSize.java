package io.millrace.worker.artifact;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as settings and sentences have them: {@code 500MiB}, {@code 10GiB}. */
final class ByteSize {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\s*(B|KiB|MiB|GiB|TiB)");
    private static final String UNITS = " KMGT";

    private ByteSize() {}

    /** @throws IllegalArgumentException which says what is allowed */
    static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            int power = Math.max(0, UNITS.indexOf(matcher.group(2).charAt(0)));
            long number = Long.parseLong(matcher.group(1));
            if (number > 0 && number <= Long.MAX_VALUE >> (10 * power)) {
                return number << (10 * power);
            }
        }
        throw new IllegalArgumentException("it must be a size such as 500MiB or 10GiB, from 1B");
    }

    /** In the largest unit in which it is whole. */
    static String words(long bytes) {
        int power = 0;
        long number = bytes;
        while (power < UNITS.length() - 1 && number >= 1024 && number % 1024 == 0) {
            number /= 1024;
            power++;
        }
        return number + (power == 0 ? " bytes" : " " + UNITS.charAt(power) + "iB");
    }
}

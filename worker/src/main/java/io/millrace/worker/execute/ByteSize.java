package io.millrace.worker.execute;

import java.util.Locale;

/** Says an amount of memory or disk, in the words of the pipeline file: {@code 512MiB}, {@code 1.4GiB}. */
final class ByteSize {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    private ByteSize() {}

    static String words(long bytes) {
        double amount = bytes;
        String unit = " bytes";
        for (int i = 0; i < UNITS.length && amount >= 1024; i++) {
            amount /= 1024;
            unit = UNITS[i];
        }
        String text = String.format(Locale.ROOT, "%.1f", amount);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + unit;
    }
}

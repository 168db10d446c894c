package io.millrace.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What strangers have written, made fit to be shown: nothing in it reaches the terminal as a command to move the cursor, to change a
 * colour or to hide what stands there.
 */
final class Printable {
    private static final int BYTES_A_LINE = 16;

    private Printable() {}

    /** The text in one line, with {@code ?} for what is no character to look at. */
    static String text(String foreign) {
        StringBuilder text = new StringBuilder(foreign.length());
        foreign.codePoints().forEach(point -> {
            if (point == '\n' || point == '\t' || point == '\r') {
                text.append(' ');
            } else if (isShown(point)) {
                text.appendCodePoint(point);
            } else {
                text.append('?');
            }
        });
        return text.toString();
    }

    /** The lines of a text in UTF-8; empty when the bytes are none, or hold what is no character to look at. */
    static Optional<List<String>> lines(byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            boolean shown = text.codePoints()
                    .allMatch(point -> point == '\n' || point == '\r' || point == '\t' || isShown(point));
            return shown ? Optional.of(text.lines().toList()) : Optional.empty();
        } catch (CharacterCodingException notText) {
            // Then it is shown as bytes.
            return Optional.empty();
        }
    }

    /** Bytes as {@code xxd} shows them: place, sixteen of them in hexadecimal, and those that are ASCII. */
    static List<String> dump(byte[] bytes, int most) {
        List<String> lines = new ArrayList<>();
        int end = Math.min(most, bytes.length);
        for (int from = 0; from < end; from += BYTES_A_LINE) {
            StringBuilder hex = new StringBuilder();
            StringBuilder ascii = new StringBuilder();
            for (int i = from; i < Math.min(end, from + BYTES_A_LINE); i++) {
                int value = bytes[i] & 0xff;
                hex.append(String.format(Locale.ROOT, "%02x ", value));
                ascii.append(value >= ' ' && value < 0x7f ? (char) value : '.');
            }
            lines.add(String.format(Locale.ROOT, "%08x  %-48s %s", from, hex, ascii));
        }
        return lines;
    }

    private static boolean isShown(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}

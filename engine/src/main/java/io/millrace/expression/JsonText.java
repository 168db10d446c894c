package io.millrace.expression;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the values that a {@link Document} holds as text. */
final class JsonText {
    private JsonText() {}

    /** Canonical JSON of a value whose maps are sorted. */
    static String of(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    /** The value as it stands within a longer text: strings as they are, numbers for people, the rest as JSON. */
    static String plain(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Double number ? plainNumber(number) : of(value);
    }

    private static String plainNumber(double number) {
        if (number == 0) {
            return "0";
        }
        double size = Math.abs(number);
        if (size < 1e-6 || size >= 1e21) {
            return decimal(number);
        }
        return new BigDecimal(decimal(number)).stripTrailingZeros().toPlainString();
    }

    /** The shortest text that reads as the same number, on every JDK; that of {@code Double.toString} differs before 19. */
    private static String decimal(double number) {
        return NumberOutput.toString(number, true);
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value instanceof String text) {
            quote(text, out);
        } else if (value instanceof Double number) {
            out.append(decimal(number));
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(separator);
                quote((String) member.getKey(), out);
                out.append(':');
                write(member.getValue(), out);
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object element : list) {
                out.append(separator);
                write(element, out);
                separator = ",";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else {
            out.append(value);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

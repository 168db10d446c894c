package io.millrace.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values that a {@link Document} holds: null, String, Boolean, Long, finite Double, List, and Map with sorted String keys. */
final class JsonValues {
    private JsonValues() {}

    /** Copies a value of Java into one that a document can hold. */
    static @Nullable Object copy(@Nullable Object value, int depth) {
        if (value == null || value instanceof Boolean || value instanceof Long) {
            return value;
        }
        if (value instanceof String text) {
            return checkedText(text);
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            checkedDepth(depth);
            Map<String, @Nullable Object> members = new TreeMap<>();
            map.forEach((key, member) -> {
                if (!(key instanceof String name)) {
                    throw new InvalidDocumentException("the keys of an object must be strings, and "
                            + Shortened.of(String.valueOf(key)) + " is none");
                }
                members.put(checkedText(name), copy(member, depth + 1));
            });
            return sealed(members);
        }
        if (value instanceof Collection<?> collection) {
            checkedDepth(depth);
            List<@Nullable Object> elements = new ArrayList<>(collection.size());
            collection.forEach(element -> elements.add(copy(element, depth + 1)));
            return Collections.unmodifiableList(elements);
        }
        throw new InvalidDocumentException("a " + value.getClass().getSimpleName() + " is no JSON value");
    }

    private static Object number(Number number) {
        if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
            return finite(number.doubleValue(), number.toString());
        }
        if (number instanceof BigInteger big) {
            if (big.bitLength() > 63) {
                throw tooBig(big.toString());
            }
            return big.longValue();
        }
        return number.longValue();
    }

    static Double finite(double value, String text) {
        if (!Double.isFinite(value)) {
            throw new InvalidDocumentException(
                    "the number " + Shortened.of(text) + " is beyond what a 64-bit decimal can hold");
        }
        return value;
    }

    static InvalidDocumentException tooBig(String integer) {
        return new InvalidDocumentException(
                "the integer " + Shortened.of(integer) + " is beyond 64 bits; pass it as a string");
    }

    static int checkedDepth(int depth) {
        if (depth > Document.MAX_DEPTH) {
            throw new InvalidDocumentException("lists and objects nest deeper than " + Document.MAX_DEPTH);
        }
        return depth;
    }

    /** Text that UTF-8 can carry. */
    static String checkedText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new InvalidDocumentException(
                            "a string holds half of a surrogate pair, which is no character");
                }
                i++;
            }
        }
        return text;
    }

    /** Sorted, and not to be changed. Not a TreeMap: that answers a key of another type with an exception. */
    static Map<String, @Nullable Object> sealed(Map<String, @Nullable Object> sorted) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(sorted));
    }
}

package io.millrace.expression;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values on their way into CEL and out of it. */
final class CelValues {
    /**
     * How many values and characters a result may hold; results may share parts of themselves, and so be far larger as text. It is more than
     * any document of a run or task may have.
     */
    private static final int LARGEST_RESULT = 1_200_000;

    private int budget = LARGEST_RESULT;

    private CelValues() {}

    /** The same map, with every null replaced by CEL's own: a null of Java is an unknown value there. */
    @SuppressWarnings("unchecked") // a map goes in, so a map comes out
    static Map<String, Object> viewOf(Map<String, @Nullable Object> members) {
        return (Map<String, Object>) view(members);
    }

    /** One value of JSON. */
    static Object of(@Nullable Object value) {
        return view(value);
    }

    private static Object view(@Nullable Object value) {
        if (value == null) {
            return NullValue.NULL_VALUE;
        }
        if (value instanceof Map<?, ?> map) {
            boolean same = true;
            Map<Object, Object> copy = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object member = view(entry.getValue());
                same &= member == entry.getValue();
                copy.put(entry.getKey(), member);
            }
            return same ? map : copy;
        }
        if (value instanceof List<?> list) {
            boolean same = true;
            List<Object> copy = new ArrayList<>(list.size());
            for (Object element : list) {
                Object viewed = view(element);
                same &= viewed == element;
                copy.add(viewed);
            }
            return same ? list : copy;
        }
        return value;
    }

    /** The same map, with the members that are declared as numbers made decimals, so that arithmetic on them is decimal. */
    static Map<String, Object> withDecimals(Map<String, Object> members, Map<String, ValueType> types) {
        Map<String, Object> copy = null;
        for (Map.Entry<String, ValueType> type : types.entrySet()) {
            if (type.getValue() == ValueType.NUMBER && members.get(type.getKey()) instanceof Long number) {
                copy = copy == null ? new LinkedHashMap<>(members) : copy;
                copy.put(type.getKey(), number.doubleValue());
            }
        }
        return copy == null ? members : copy;
    }

    /** The same for the elements of {@code items} that are objects: the outputs of a task with {@code for_each}. */
    @SuppressWarnings("unchecked") // the members of a JSON object have strings as their names
    static Map<String, Object> collectedWithDecimals(Map<String, Object> members, Map<String, ValueType> types) {
        if (!types.containsValue(ValueType.NUMBER) || !(members.get("items") instanceof List<?> items)) {
            return members;
        }
        List<Object> decimals = new ArrayList<>(items.size());
        for (Object item : items) {
            decimals.add(item instanceof Map<?, ?> map ? withDecimals((Map<String, Object>) map, types) : item);
        }
        Map<String, Object> copy = new LinkedHashMap<>(members);
        copy.put("items", decimals);
        return copy;
    }

    /**
     * What an expression results in as a JSON value. Timestamps become ISO 8601 text, durations seconds with an {@code s}.
     *
     * @throws InvalidDocumentException when it is no JSON value, or too large; the message is one sentence
     */
    static @Nullable Object toJson(Object result) {
        return new CelValues().json(result, 1);
    }

    private @Nullable Object json(Object value, int depth) {
        spend(1);
        if (value instanceof NullValue) {
            return null;
        }
        if (value instanceof String text) {
            spend(text.length());
            return JsonValues.checkedText(text);
        }
        if (value instanceof Boolean || value instanceof Long) {
            return value;
        }
        if (value instanceof Double number) {
            if (!Double.isFinite(number)) {
                throw new InvalidDocumentException("the result is " + number + ", which is no JSON number");
            }
            return number;
        }
        if (value instanceof UnsignedLong number) {
            if (number.longValue() < 0) {
                throw JsonValues.tooBig(number.toString());
            }
            return number.longValue();
        }
        if (value instanceof Instant instant) {
            return instant.toString();
        }
        if (value instanceof Duration duration) {
            return BigDecimal.valueOf(duration.getSeconds())
                            .add(BigDecimal.valueOf(duration.getNano(), 9))
                            .stripTrailingZeros()
                            .toPlainString()
                    + "s";
        }
        if (value instanceof List<?> list) {
            JsonValues.checkedDepth(depth);
            List<@Nullable Object> elements = new ArrayList<>(list.size());
            for (Object element : list) {
                elements.add(json(element, depth + 1));
            }
            return Collections.unmodifiableList(elements);
        }
        if (value instanceof Map<?, ?> map) {
            JsonValues.checkedDepth(depth);
            Map<String, @Nullable Object> members = new TreeMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String name)) {
                    throw new InvalidDocumentException("the keys of an object must be strings, and "
                            + Shortened.of(String.valueOf(entry.getKey())) + " is none");
                }
                members.put(JsonValues.checkedText(name), json(entry.getValue(), depth + 1));
            }
            return JsonValues.sealed(members);
        }
        throw new InvalidDocumentException("the result is no JSON value but " + noun(value));
    }

    private void spend(int cost) {
        budget -= cost;
        if (budget < 0) {
            throw new InvalidDocumentException(
                    "the result is larger than " + LARGEST_RESULT + " values and characters");
        }
    }

    private static String noun(Object value) {
        String name = value.getClass().getSimpleName();
        if (name.contains("ByteString")) {
            return "bytes; use base64 text or a string";
        }
        return name.contains("Unknown")
                ? "unknown, for it depends on a value that is not there"
                : "a " + (name.contains("Type") ? "type" : name);
    }
}

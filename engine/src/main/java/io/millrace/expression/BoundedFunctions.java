package io.millrace.expression;

import com.google.re2j.Pattern;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.ConcatenatedListView;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions by which a short expression could build a value without end, or work without end, with a limit. They take the place of CEL's own, under
 * the same overload ids.
 */
final class BoundedFunctions {
    private static final java.util.regex.Pattern COUNT = java.util.regex.Pattern.compile("\\{([0-9]+)(?:,([0-9]*))?}");

    /** In a macro the same pattern is matched again and again: compiling it takes longer than matching. */
    private static final ThreadLocal<Pattern> LAST_PATTERN = ThreadLocal.withInitial(() -> Pattern.compile(""));

    private BoundedFunctions() {}

    @SuppressWarnings("rawtypes") // that is how CEL binds functions over lists
    static List<CelFunctionBinding> bindings() {
        return List.of(
                CelFunctionBinding.from("add_string", String.class, String.class, BoundedFunctions::add),
                CelFunctionBinding.from("add_list", List.class, List.class, BoundedFunctions::add),
                CelFunctionBinding.from("matches", String.class, String.class, BoundedFunctions::matches),
                CelFunctionBinding.from("matches_string", String.class, String.class, BoundedFunctions::matches),
                CelFunctionBinding.from("list_join", List.class, list -> join(list, "")),
                CelFunctionBinding.from("list_join_string", List.class, String.class, BoundedFunctions::join),
                CelFunctionBinding.from(
                        "string_replace_string_string",
                        List.of(String.class, String.class, String.class),
                        arguments -> replace(arguments, -1)),
                CelFunctionBinding.from(
                        "string_replace_string_string_int",
                        List.of(String.class, String.class, String.class, Long.class),
                        arguments -> replace(arguments, (Long) arguments[3])));
    }

    private static String add(String first, String second) {
        checkLength((long) first.length() + second.length());
        return first + second;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // see above
    private static List add(List first, List second) {
        if ((long) first.size() + second.size() > ExpressionLimits.LIST_LENGTH) {
            throw new IllegalArgumentException(
                    "a list would have more than " + ExpressionLimits.LIST_LENGTH + " elements");
        }
        if (first instanceof ConcatenatedListView) {
            // What macros collect their results in: it grows in place.
            first.addAll(second);
            return first;
        }
        List result = new ArrayList(first.size() + second.size());
        result.addAll(first);
        result.addAll(second);
        return result;
    }

    /** Whether a pattern is within its limits; one that is not is refused, and never compiled. */
    static boolean isAllowed(String pattern) {
        return pattern.length() <= ExpressionLimits.PATTERN_LENGTH
                && repetitions(pattern) <= ExpressionLimits.PATTERN_REPETITIONS;
    }

    private static boolean matches(String text, String pattern) {
        if (pattern.length() > ExpressionLimits.PATTERN_LENGTH) {
            throw new IllegalArgumentException("a pattern has " + pattern.length() + " characters; the limit is "
                    + ExpressionLimits.PATTERN_LENGTH);
        }
        if (repetitions(pattern) > ExpressionLimits.PATTERN_REPETITIONS) {
            throw new IllegalArgumentException(
                    "the repetitions of a pattern multiply to more than " + ExpressionLimits.PATTERN_REPETITIONS);
        }
        Pattern compiled = LAST_PATTERN.get();
        if (!compiled.pattern().equals(pattern)) {
            compiled = Pattern.compile(pattern);
            LAST_PATTERN.set(compiled);
        }
        return compiled.matcher(text).find();
    }

    /** The product of all counts, as if each stood within the next. */
    static double repetitions(String pattern) {
        double product = 1;
        java.util.regex.Matcher counts = COUNT.matcher(pattern);
        while (counts.find()) {
            String most = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
            product *= Math.max(1, Double.parseDouble(most));
        }
        return product;
    }

    private static String join(List<?> parts, String separator) {
        StringBuilder joined = new StringBuilder();
        String before = "";
        for (Object part : parts) {
            if (!(part instanceof String text)) {
                throw new IllegalArgumentException("join takes a list of strings");
            }
            checkLength((long) joined.length() + before.length() + text.length());
            joined.append(before).append(text);
            before = separator;
        }
        return joined.toString();
    }

    private static String replace(Object[] arguments, long limit) {
        String text = (String) arguments[0];
        String search = (String) arguments[1];
        String replacement = (String) arguments[2];
        StringBuilder result = new StringBuilder();
        int from = 0;
        long left = limit < 0 ? Long.MAX_VALUE : limit;
        int next = search.isEmpty() ? 0 : text.indexOf(search);
        while (left > 0 && next >= 0 && next <= text.length()) {
            result.append(text, from, next).append(replacement);
            checkLength(result.length());
            from = next + search.length();
            left--;
            if (search.isEmpty()) {
                next = from < text.length() ? text.offsetByCodePoints(from, 1) : -1;
            } else {
                next = text.indexOf(search, from);
            }
        }
        checkLength((long) result.length() + text.length() - from);
        return result.append(text, from, text.length()).toString();
    }

    private static void checkLength(long length) {
        if (length > ExpressionLimits.STRING_LENGTH) {
            throw new IllegalArgumentException(
                    "a string would have more than " + ExpressionLimits.STRING_LENGTH + " characters");
        }
    }
}

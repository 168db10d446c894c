package io.millrace.expression;

import dev.cel.common.CelIssue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in the words of a pipeline's file what CEL's parser and checker say in theirs. */
final class Complaint {
    private static final Pattern OVERLOAD =
            Pattern.compile("found no matching overload for '([^']+)' applied to '([^']*)'.*", Pattern.DOTALL);
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']+)'.*", Pattern.DOTALL);
    private static final Pattern SYNTAX = Pattern.compile(
            "(?:mismatched input|extraneous input|no viable alternative at input|missing .* at) '(.*?)'(?: expecting .*)?",
            Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("undefined field '([^']+)'.*", Pattern.DOTALL);
    private static final Pattern INTEGER =
            Pattern.compile("For input string: \"([0-9a-fA-FxXuU]+)\".*", Pattern.DOTALL);
    private static final Pattern TYPE_NAME = Pattern.compile("[a-z_A-Z.%][\\w.%]*");
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("int", "integer"),
            Map.entry("uint", "integer"),
            Map.entry("double", "number"),
            Map.entry("bool", "boolean"),
            Map.entry("dyn", "any"),
            Map.entry("map", "object"),
            Map.entry("google.protobuf.Timestamp", "timestamp"),
            Map.entry("google.protobuf.Duration", "duration"));
    private static final Map<String, String> OPERATORS_OF_OTHERS =
            Map.of("and", "&&", "or", "||", "not", "!", "&", "&&", "|", "||", "=", "==", "is", "==", "<>", "!=");

    private static final Map<String, String> FUNCTIONS_OF_OTHERS = Map.of(
            "length",
            "size",
            "len",
            "size",
            "count",
            "size",
            "lower",
            "lowerAscii",
            "upper",
            "upperAscii",
            "strip",
            "trim",
            "includes",
            "contains",
            "float",
            "double",
            "str",
            "string");

    private static final String HAS = "`has` asks whether there is a member";
    private static final String HAS_EXPECTED = "one, such as has(inputs.options.depth)";

    private Complaint() {}

    /** @param members the names of members that there are, one of which may be meant */
    static Flaw of(CelIssue issue, Excerpt excerpt, Collection<String> members) {
        int index = Offsets.index(
                excerpt.text(),
                issue.getSourceLocation().getLine(),
                issue.getSourceLocation().getColumn());
        Place place = excerpt.placeAt(index);
        String message = issue.getMessage();
        Matcher overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            return Flaw.of(place, overload(overload.group(1), overload.group(2)));
        }
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            String name = undeclared.group(1);
            if (name.equals("has")) {
                return Flaw.of(place, HAS).expecting(HAS_EXPECTED);
            }
            return Flaw.of(place, "there is no function `" + name + "`")
                    .suggesting(Optional.ofNullable(FUNCTIONS_OF_OTHERS.get(name)));
        }
        Matcher integer = INTEGER.matcher(message);
        if (integer.matches()) {
            return Flaw.of(place, "the integer " + Shortened.of(integer.group(1)) + " is beyond 64 bits");
        }
        if (message.equals("invalid argument to has() macro")) {
            return Flaw.of(place, HAS).expecting(HAS_EXPECTED);
        }
        Matcher field = FIELD.matcher(message);
        if (field.matches()) {
            return Flaw.of(place, "there is no member `" + field.group(1) + "`")
                    .suggesting(Suggestion.of(field.group(1), members));
        }
        Matcher token = TOKEN.matcher(message);
        if (token.matches()) {
            return token(place, token.group(1));
        }
        Matcher syntax = SYNTAX.matcher(message);
        if (syntax.matches()) {
            if (excerpt.text().substring(0, index).strip().equals("not")) {
                return unexpected(excerpt.place(), "not");
            }
            return unexpected(place, syntax.group(1));
        }
        if (message.contains("recursion") || message.contains("nested") || message.contains("depth")) {
            return Flaw.of(place, "the expression nests deeper than " + ExpressionLimits.EXPRESSION_DEPTH);
        }
        return Flaw.of(place, Shortened.of(message));
    }

    private static Flaw token(Place place, String text) {
        String token = text.strip();
        if (token.startsWith("\"") || token.startsWith("'")) {
            return Flaw.of(place, "a string does not end");
        }
        return unexpected(place, token);
    }

    private static Flaw unexpected(Place place, String token) {
        if (token.equals("<EOF>")) {
            return Flaw.of(place, "the expression is not complete");
        }
        return Flaw.of(place, "unexpected `" + Shortened.of(token) + "`")
                .suggesting(Optional.ofNullable(OPERATORS_OF_OTHERS.get(token)));
    }

    private static String overload(String function, String types) {
        // "(string, int)" of a function, "string.(int)" of a method.
        int parenthesis = types.startsWith("(") ? 0 : Math.max(0, types.indexOf(".("));
        List<String> words = new ArrayList<>();
        if (parenthesis > 0) {
            words.add(word(types.substring(0, parenthesis)));
        }
        String arguments = types.substring(types.indexOf('(', parenthesis) + 1, types.length() - 1);
        for (String type : split(arguments)) {
            words.add(word(type.strip()));
        }
        if (function.equals("_?_:_")) {
            return words.size() == 3 && words.get(0).equals("boolean")
                    ? "`? :` takes two values of one type, and finds " + words.get(1) + " and " + words.get(2)
                    : "`? :` takes a condition before the `?`, and finds " + (words.isEmpty() ? "none" : words.get(0));
        }
        String name = operator(function);
        if (words.isEmpty()) {
            return "`" + name + "` cannot be used without arguments";
        }
        return "`" + name + "` cannot be applied to " + String.join(" and ", words);
    }

    /** At the commas that are not within parentheses. */
    private static List<String> split(String types) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < types.length(); i++) {
            char c = types.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(types.substring(start, i));
                start = i + 1;
            }
        }
        if (start < types.length()) {
            parts.add(types.substring(start));
        }
        return parts;
    }

    private static String word(String type) {
        Matcher name = TYPE_NAME.matcher(type);
        String word = name.lookingAt() ? name.group() : type;
        if (type.startsWith("output of ") || type.startsWith("task ") || type.startsWith("collected output of ")) {
            return "the " + type;
        }
        if (type.startsWith("list(") && !type.startsWith("list(dyn") && !type.startsWith("list(%")) {
            return "list of " + word(type.substring(5, type.length() - 1));
        }
        return TYPES.getOrDefault(word, word);
    }

    /** An operator without the place holders of CEL's function names. */
    static String operator(String function) {
        if (function.equals("_[_]")) {
            return "[]";
        }
        if (function.startsWith("math.@")) {
            return function.equals("math.@max") ? "math.greatest" : "math.least";
        }
        return function.replace("_", "").equals("")
                ? function
                : function.startsWith("_") || function.endsWith("_") || function.startsWith("@")
                        ? function.replace("_", "").replace("@", "")
                        : function;
    }
}

package io.millrace.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Splits a string into text and the expressions between <code>${{</code> and <code>}}</code>. */
final class TemplateReader {
    static final String OPEN = "${{";
    private static final String ESCAPED = "$${{";

    /** Compiles one expression. */
    interface Compiler {
        Optional<Expression> compile(Excerpt excerpt);
    }

    private final Excerpt source;
    private final Compiler compiler;
    private final Consumer<Flaw> flaws;

    TemplateReader(Excerpt source, Compiler compiler, Consumer<Flaw> flaws) {
        this.source = source;
        this.compiler = compiler;
        this.flaws = flaws;
    }

    /** The template, or empty when there were flaws. */
    Optional<Template> read(boolean alwaysText) {
        String text = source.text();
        List<Object> pieces = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        boolean clean = true;
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith(ESCAPED, at)) {
                plain.append(OPEN);
                at += ESCAPED.length();
            } else if (text.startsWith(OPEN, at)) {
                int end = end(at + OPEN.length());
                if (end < 0) {
                    flaws.accept(
                            Flaw.of(source.placeAt(at), "`${{` is not closed").expecting("`}}` after the expression"));
                    return Optional.empty();
                }
                if (plain.length() > 0) {
                    pieces.add(plain.toString());
                    plain.setLength(0);
                }
                Optional<Expression> expression = expression(at, end);
                expression.ifPresent(pieces::add);
                clean &= expression.isPresent();
                at = end + 2;
            } else {
                plain.append(text.charAt(at++));
            }
        }
        if (plain.length() > 0) {
            pieces.add(plain.toString());
        }
        return clean ? Optional.of(template(pieces, alwaysText)) : Optional.empty();
    }

    private static Template template(List<Object> pieces, boolean alwaysText) {
        if (pieces.stream().noneMatch(Expression.class::isInstance)) {
            return Template.constant(pieces.isEmpty() ? "" : pieces.get(0));
        }
        return pieces.size() == 1 && !alwaysText ? Template.value((Expression) pieces.get(0)) : Template.text(pieces);
    }

    private Optional<Expression> expression(int open, int end) {
        Excerpt excerpt = source.trimmedPart(open + OPEN.length(), end);
        if (excerpt.text().isEmpty()) {
            flaws.accept(Flaw.of(source.placeAt(open), "`${{ }}` holds no expression"));
            return Optional.empty();
        }
        return compiler.compile(excerpt);
    }

    /** Where the expression that begins here is closed: at the first <code>}}</code> outside of its strings and braces; -1 when nowhere. */
    private int end(int from) {
        String text = source.text();
        int depth = 0;
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'') {
                at = afterString(at, c);
                continue;
            }
            if (c == '{') {
                depth++;
            } else if (c == '}' && depth > 0) {
                depth--;
            } else if (text.startsWith("}}", at)) {
                return at;
            }
            at++;
        }
        return -1;
    }

    private int afterString(int open, char quote) {
        String text = source.text();
        String triple = String.valueOf(quote).repeat(3);
        String end = text.startsWith(triple, open) ? triple : String.valueOf(quote);
        boolean raw = open > 0 && (text.charAt(open - 1) == 'r' || text.charAt(open - 1) == 'R');
        int at = open + end.length();
        while (at < text.length()) {
            if (text.startsWith(end, at)) {
                return at + end.length();
            }
            at += text.charAt(at) == '\\' && !raw ? 2 : 1;
        }
        return text.length();
    }
}

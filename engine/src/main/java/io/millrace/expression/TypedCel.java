package io.millrace.expression;

import dev.cel.checker.CelChecker;
import dev.cel.checker.CelCheckerBuilder;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.CelVarDecl;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Compiles the CEL expressions of one pipeline against its declarations. */
final class TypedCel {
    private final Declarations declarations;
    private final DeclaredTypes types;
    private final Map<Set<String>, CelChecker> checkers = new HashMap<>();

    TypedCel(Declarations declarations) {
        this.declarations = declarations;
        this.types = new DeclaredTypes(declarations);
    }

    Optional<Expression> compile(Excerpt excerpt, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        int operators = operators(excerpt.text());
        if (operators > ExpressionLimits.EXPRESSION_OPERATORS) {
            flaws.accept(Flaw.of(
                    excerpt.place(),
                    "the expression has " + operators + " operators, members and parentheses; the limit is "
                            + ExpressionLimits.EXPRESSION_OPERATORS));
            return Optional.empty();
        }
        try {
            return compiled(excerpt, viewpoint, flaws);
        } catch (RuntimeException e) {
            // A fault of the language itself is a problem of this file and not of the process (G8).
            flaws.accept(Flaw.of(excerpt.place(), "the expression language failed: " + Shortened.of(e.toString())));
            return Optional.empty();
        }
    }

    /** Outside of strings; an operator of two characters counts once. Where it counts too much, it is on the safe side. */
    private static int operators(String text) {
        int count = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (".+-*/%<>=!&|?[({".indexOf(c) >= 0) {
                count++;
                i += i + 1 < text.length() && "=&|".indexOf(text.charAt(i + 1)) >= 0 ? 1 : 0;
            }
        }
        return count;
    }

    private Optional<Expression> compiled(Excerpt excerpt, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        CelValidationResult parsed = Cel.PARSER.parse(excerpt.text());
        if (parsed.hasError()) {
            // What follows the first syntax error is seldom more than its echo.
            flaws.accept(Complaint.of(first(parsed.getErrors()), excerpt, List.of()));
            return Optional.empty();
        }
        CelAbstractSyntaxTree tree = tree(parsed);
        ReferenceCheck check = new ReferenceCheck(declarations, viewpoint, flaws);
        References references = new References(excerpt, tree, check);
        if (!check.isClean()) {
            return Optional.empty();
        }
        CelValidationResult checked =
                checkerFor(references.functions(), viewpoint).check(tree);
        if (checked.hasError()) {
            checked.getErrors().forEach(issue -> flaws.accept(Complaint.of(issue, excerpt, types.members())));
            return Optional.empty();
        }
        CelAbstractSyntaxTree typed = MixedNumbers.withOneEquality(tree(checked));
        return Optional.of(
                new CelExpression(excerpt, typed, declarations, viewpoint.task(), references.roots(), check));
    }

    private CelChecker checkerFor(Set<String> functions, Viewpoint viewpoint) {
        CelChecker checker = checkers.computeIfAbsent(functions, this::checker);
        if (viewpoint.locals().isEmpty()) {
            return checker;
        }
        CelCheckerBuilder builder = checker.toCheckerBuilder();
        for (Local local : viewpoint.locals()) {
            builder.addVarDeclarations(
                    CelVarDecl.newVarDeclaration(local.word(), types.local(local, viewpoint.task())));
        }
        return builder.build();
    }

    private CelChecker checker(Set<String> functions) {
        return Cel.checker(functions)
                .setTypeProvider(types.provider())
                .addVarDeclarations(
                        CelVarDecl.newVarDeclaration("inputs", types.inputs()),
                        CelVarDecl.newVarDeclaration("tasks", types.tasks()),
                        CelVarDecl.newVarDeclaration("run", types.run()))
                .build();
    }

    private static CelIssue first(List<CelIssue> issues) {
        return issues.stream()
                .min(Comparator.comparing(
                                (CelIssue issue) -> issue.getSourceLocation().getLine())
                        .thenComparing(issue -> issue.getSourceLocation().getColumn()))
                .orElseThrow();
    }

    private static CelAbstractSyntaxTree tree(CelValidationResult result) {
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw new IllegalStateException("a result without errors has a tree", e);
        }
    }
}

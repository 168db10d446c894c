package io.millrace.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks through a parsed expression, and has every name in it checked that is not a variable of a macro. */
final class References {
    /** What a name may be besides: the types of CEL, and the prefixes of its functions. */
    private static final Set<String> LANGUAGE =
            Set.of("bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "string", "type", "uint");

    private static final Set<String> PREFIXES = Set.of("math");

    private final Excerpt excerpt;
    private final Map<Long, Integer> positions;
    private final ReferenceCheck check;
    private final Deque<String> bound = new ArrayDeque<>();
    private final Set<String> roots = new HashSet<>();
    private final Set<String> functions = new HashSet<>();

    References(Excerpt excerpt, CelAbstractSyntaxTree parsed, ReferenceCheck check) {
        this.excerpt = excerpt;
        this.positions = parsed.getSource().getPositionsMap();
        this.check = check;
        walk(parsed.getExpr());
    }

    /** Which of inputs, tasks, run and output the expression names. */
    Set<String> roots() {
        return roots;
    }

    /** The functions and operators that the expression calls; {@code math.} for all with that prefix. */
    Set<String> functions() {
        return functions;
    }

    private void walk(CelExpr expr) {
        switch (expr.getKind()) {
            case IDENT, SELECT -> chain(expr);
            case CALL -> {
                functions.add(expr.call().function());
                expr.call().target().ifPresent(target -> {
                    boolean prefix = target.getKind() == CelExpr.ExprKind.Kind.IDENT
                            && PREFIXES.contains(target.ident().name());
                    if (prefix) {
                        functions.add(target.ident().name() + ".");
                    } else {
                        walk(target);
                    }
                });
                expr.call().args().forEach(this::walk);
                StatusWords.strangers(expr.call()).forEach(this::noStatus);
            }
            case LIST -> expr.list().elements().forEach(this::walk);
            case MAP ->
                expr.map().entries().forEach(entry -> {
                    walk(entry.key());
                    walk(entry.value());
                });
            case STRUCT -> check.report(Flaw.of(place(expr), "there are no message types here, only JSON values"));
            case COMPREHENSION -> comprehension(expr.comprehension());
            default -> {
                // constants
            }
        }
    }

    private void noStatus(StatusWords.Stranger stranger) {
        String word = stranger.constant().constant().stringValue();
        check.report(Flaw.of(
                        place(stranger.constant()),
                        stranger.owner() + " status is never \"" + Shortened.of(word) + "\"")
                .expecting("one of " + String.join(", ", stranger.words()))
                .suggesting(Suggestion.of(word, stranger.words())));
    }

    private void comprehension(CelComprehension macro) {
        walk(macro.iterRange());
        walk(macro.accuInit());
        bound.push(macro.accuVar());
        walk(macro.result());
        bound.push(macro.iterVar());
        bound.push(macro.iterVar2());
        walk(macro.loopCondition());
        walk(macro.loopStep());
        bound.pop();
        bound.pop();
        bound.pop();
    }

    private void chain(CelExpr expr) {
        List<Reference.Member> members = new ArrayList<>();
        CelExpr operand = expr;
        while (operand.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            String field = operand.select().field();
            members.add(0, new Reference.Member(field, placeOf(field, operand)));
            operand = operand.select().operand();
        }
        if (operand.getKind() != CelExpr.ExprKind.Kind.IDENT) {
            walk(operand);
            return;
        }
        String root = operand.ident().name();
        if (bound.contains(root) || LANGUAGE.contains(root)) {
            return;
        }
        if (check.roots().contains(root)) {
            roots.add(root);
            check.check(new Reference(root, place(operand), members));
        } else {
            List<String> candidates = new ArrayList<>(check.roots());
            candidates.addAll(bound);
            check.unknown(root, place(operand), candidates);
        }
    }

    private Place place(CelExpr expr) {
        return excerpt.placeAt(index(expr));
    }

    /** CEL's position of a member is that of the dot or, in {@code has()}, of the parenthesis before it. */
    private Place placeOf(String field, CelExpr select) {
        int from = index(select);
        int at = excerpt.text().indexOf(field, from);
        return excerpt.placeAt(at < 0 ? from : at);
    }

    private int index(CelExpr expr) {
        return Offsets.index(excerpt.text(), positions.getOrDefault(expr.id(), 0));
    }
}

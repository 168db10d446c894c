package io.millrace.expression;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of an expression are operands of which call: what an {@link Effort} has to know to charge a call before it is made.
 *
 * <p><b>Threading:</b> free to share.
 */
final class Prices {
    private final Map<Long, Operand> operands = new HashMap<>();

    /** One operand of a call; they are evaluated in order, so that after the last one the function is called. */
    record Operand(Charge charge, int index) {
        boolean isLast() {
            return index == charge.operands() - 1;
        }
    }

    /** Reads them off an expression whose macros are expanded. */
    Prices(CelExpr expression) {
        walk(expression, "");
    }

    @Nullable
    Operand operand(long node) {
        return operands.get(node);
    }

    /** @param collection the variable in which the innermost macro collects its result */
    private void walk(CelExpr node, String collection) {
        switch (node.getKind()) {
            case SELECT -> walk(node.select().operand(), collection);
            case LIST -> node.list().elements().forEach(element -> walk(element, collection));
            case MAP ->
                node.map().entries().forEach(entry -> {
                    walk(entry.key(), collection);
                    walk(entry.value(), collection);
                });
            case CALL -> call(node.call(), collection);
            case COMPREHENSION -> {
                CelExpr.CelComprehension macro = node.comprehension();
                walk(macro.iterRange(), collection);
                walk(macro.accuInit(), collection);
                walk(macro.loopCondition(), macro.accuVar());
                walk(macro.loopStep(), macro.accuVar());
                walk(macro.result(), macro.accuVar());
            }
            default -> {
                // names and constants
            }
        }
    }

    private void call(CelExpr.CelCall call, String collection) {
        List<CelExpr> all = new ArrayList<>();
        call.target().ifPresent(all::add);
        all.addAll(call.args());
        boolean collects = call.function().equals("_+_")
                && all.get(0).getKind() == CelExpr.ExprKind.Kind.IDENT
                && all.get(0).ident().name().equals(collection);
        Charge.of(call.function(), all.size(), collects).ifPresent(charge -> {
            for (int index = 0; index < all.size(); index++) {
                operands.put(all.get(index).id(), new Operand(charge, index));
            }
        });
        all.forEach(operand -> walk(operand, collection));
    }
}

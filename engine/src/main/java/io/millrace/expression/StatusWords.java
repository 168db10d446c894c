package io.millrace.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds comparisons of a task's status with a word that is none. To the expression language both are strings, and a misspelt word would
 * only make the condition false in every run.
 */
final class StatusWords {
    /** What a task's status may be, as expressions name it. */
    static final List<String> ALL = List.of(
            "succeeded",
            "failed",
            "skipped",
            "cancelled",
            "waiting",
            "queued",
            "running",
            "retrying",
            "deferred",
            "upstream_failed");

    private static final Set<String> COMPARISONS = Set.of("_==_", "_!=_", "@in");

    private StatusWords() {}

    /** The constants that a call compares with a task's status and that are no status. */
    static List<CelExpr> strangers(CelCall call) {
        List<CelExpr> strangers = new ArrayList<>();
        if (COMPARISONS.contains(call.function()) && call.args().size() == 2) {
            CelExpr left = call.args().get(0);
            CelExpr right = call.args().get(1);
            if (isStatus(left)) {
                gather(right, strangers);
            } else if (isStatus(right)) {
                gather(left, strangers);
            }
        }
        return strangers;
    }

    private static boolean isStatus(CelExpr expr) {
        if (expr.getKind() != CelExpr.ExprKind.Kind.SELECT
                || !expr.select().field().equals("status")) {
            return false;
        }
        CelExpr task = expr.select().operand();
        return task.getKind() == CelExpr.ExprKind.Kind.SELECT
                && task.select().operand().getKind() == CelExpr.ExprKind.Kind.IDENT
                && task.select().operand().ident().name().equals("tasks");
    }

    private static void gather(CelExpr expr, List<CelExpr> strangers) {
        if (expr.getKind() == CelExpr.ExprKind.Kind.LIST) {
            expr.list().elements().forEach(element -> gather(element, strangers));
        } else if (expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
                && !ALL.contains(expr.constant().stringValue())) {
            strangers.add(expr);
        }
    }
}

package io.millrace.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds comparisons of the status of a task, or of the run, with a word that is none. To the expression language both are strings, and a misspelt word would
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

    /** What the run's status may be. */
    static final List<String> OF_RUN = List.of("running", "succeeded", "failed", "cancelled");

    private static final Set<String> COMPARISONS = Set.of("_==_", "_!=_", "@in");

    private StatusWords() {}

    /** A constant that is compared with a status and is none, and what there is. */
    record Stranger(CelExpr constant, String owner, List<String> words) {}

    /** The constants that a call compares with a status and that are none. */
    static List<Stranger> strangers(CelCall call) {
        List<Stranger> strangers = new ArrayList<>();
        if (COMPARISONS.contains(call.function()) && call.args().size() == 2) {
            CelExpr left = call.args().get(0);
            CelExpr right = call.args().get(1);
            CelExpr other = isStatus(left) ? right : left;
            CelExpr status = isStatus(left) ? left : right;
            if (isStatus(status)) {
                boolean ofRun = isNamed(status.select().operand(), "run");
                gather(other, ofRun ? "a run's" : "a task's", ofRun ? OF_RUN : ALL, strangers);
            }
        }
        return strangers;
    }

    private static boolean isStatus(CelExpr expr) {
        if (expr.getKind() != CelExpr.ExprKind.Kind.SELECT
                || !expr.select().field().equals("status")) {
            return false;
        }
        CelExpr owner = expr.select().operand();
        return isNamed(owner, "run")
                || owner.getKind() == CelExpr.ExprKind.Kind.SELECT
                        && isNamed(owner.select().operand(), "tasks");
    }

    private static boolean isNamed(CelExpr expr, String name) {
        return expr.getKind() == CelExpr.ExprKind.Kind.IDENT
                && expr.ident().name().equals(name);
    }

    private static void gather(CelExpr expr, String owner, List<String> words, List<Stranger> strangers) {
        if (expr.getKind() == CelExpr.ExprKind.Kind.LIST) {
            expr.list().elements().forEach(element -> gather(element, owner, words, strangers));
        } else if (expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
                && !words.contains(expr.constant().stringValue())) {
            strangers.add(new Stranger(expr, owner, words));
        }
    }
}

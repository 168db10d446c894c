package io.millrace.expression;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The work of one evaluation, counted while it is done, which ends when it is more than {@link ExpressionLimits#STEPS}: no expression,
 * whatever it is and whatever it is given, holds its thread for longer. It is counted and not timed, so that the same expression on the
 * same values has the same answer in production and in a replay.
 *
 * <p>A part of an expression that is evaluated is one step. What a function is handed costs more, by the {@linkplain Charge price of the
 * function}, and is charged before the function is called.
 *
 * <p><b>Threading:</b> for one evaluation on one thread.
 */
final class Effort implements CelEvaluationListener {
    /** Of what a step is the whole, and a character the smallest part: a step takes about 0.1 µs, a character a few nanoseconds. */
    static final long STEP = 32;

    /** What comparing or moving an element of a list costs, or a list or object without any. */
    private static final long ELEMENT = STEP / 2;

    /** What a string costs that has no characters. */
    private static final long CHARACTERS = STEP / 8;

    /** Enough to exceed the limit, and so small that a few of them have a sum. */
    private static final long TOO_MUCH = Long.MAX_VALUE / 1_024;

    /** What is lighter is weighed anew, which takes less than to remember it. */
    private static final long REMEMBERED = 64 * ELEMENT;

    private final Prices prices;
    private final Map<Object, Long> weights = new IdentityHashMap<>();
    private final Map<Charge, Object[]> operands = new IdentityHashMap<>();
    private String pattern = "";
    private long spent;

    Effort(Prices prices) {
        this.prices = prices;
    }

    /** Ends an evaluation. No exception, for CEL takes those for values: {@code true || x} is true also where {@code x} fails. */
    static final class ExceededError extends Error {
        private static final long serialVersionUID = 1;

        private final long node;

        private ExceededError(long node) {
            super("more than " + ExpressionLimits.STEPS + " steps", null, false, false);
            this.node = node;
        }

        /** The part of the expression at which the limit was exceeded. */
        long node() {
            return node;
        }
    }

    @Override
    public void callback(CelExpr node, Object value) {
        spend(STEP, node.id());
        Prices.Operand operand = prices.operand(node.id());
        if (operand != null) {
            Object[] values = operands.computeIfAbsent(operand.charge(), charge -> new Object[charge.operands()]);
            values[operand.index()] = value;
            if (operand.isLast()) {
                spend(operand.charge().price(Arrays.asList(values), this), node.id());
            }
        }
    }

    private void spend(long cost, long node) {
        spent += cost;
        if (spent > ExpressionLimits.STEPS * STEP) {
            throw new ExceededError(node);
        }
    }

    /** What it costs to go through a value to its last leaf, in parts of a step; a shared part counts as often as it is there. */
    long weight(Object value) {
        if (value instanceof String text) {
            return CHARACTERS + text.length();
        }
        if (!(value instanceof List) && !(value instanceof Map)) {
            return ELEMENT;
        }
        Long known = weights.get(value);
        if (known == null) {
            known = value instanceof List<?> list ? weight(list) : weight((Map<?, ?>) value);
            if (known > REMEMBERED) {
                weights.put(value, known);
            }
        }
        return known;
    }

    private long weight(List<?> list) {
        long sum = ELEMENT;
        for (Object element : list) {
            sum = Math.min(TOO_MUCH, sum + weight(element));
        }
        return sum;
    }

    private long weight(Map<?, ?> map) {
        long sum = ELEMENT;
        for (Map.Entry<?, ?> member : map.entrySet()) {
            sum = Math.min(TOO_MUCH, sum + weight(member.getKey()) + weight(member.getValue()));
        }
        return sum;
    }

    /** What it costs to go through a value, and not into what it holds. */
    long surface(Object value) {
        return value instanceof List<?> list
                ? ELEMENT * (1L + list.size())
                : value instanceof Map ? ELEMENT : weight(value);
    }

    /** Whether this pattern has to be compiled, for it is not the one that was matched last. */
    boolean isNewPattern(String next) {
        boolean isNew = !pattern.equals(next);
        pattern = next;
        return isNew;
    }

    /** A product that does not overflow. */
    static long times(long a, long b) {
        return b != 0 && a > TOO_MUCH / b ? TOO_MUCH : a * b;
    }
}

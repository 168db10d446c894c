package io.millrace.engine.simulation;

/** Something is not as it has to be. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String rule;

    Violation(String rule, String what) {
        super(rule + ": " + what);
        this.rule = rule;
    }

    Violation(String rule, RuntimeException cause) {
        super(rule + ": " + cause, cause);
        this.rule = rule;
    }

    /** Which rule is broken: a story may shrink as long as it breaks the same. */
    String rule() {
        return rule;
    }
}

package io.millrace.expression;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The task that an expression belongs to, and what can be seen from there.
 *
 * @param task the id of the task
 * @param reachable which tasks may be named: those that the task needs, directly or through others
 * @param locals the names that are known besides
 */
public record Viewpoint(String task, Predicate<String> reachable, Set<Local> locals) {
    /** Stands for the task where it is the run itself that an expression belongs to. */
    public static final String RUN = "the run";

    /** Stands for the task where an expression is evaluated before there is a run: it sees the names that are known besides alone. */
    public static final String TRIGGER = "a trigger";

    /** Stands for the task where an expression is evaluated when a run comes and has not begun: it sees its inputs alone. */
    public static final String START = "the start of a run";

    /** Stands for the task where an alert is about a run, or about any task. */
    public static final String ALERT = "an alert";

    /** Copies the set. */
    public Viewpoint {
        locals = Set.copyOf(locals);
    }

    /** From a task, seeing what every expression sees. */
    public Viewpoint(String task, Predicate<String> reachable) {
        this(task, reachable, Set.of());
    }

    /** From an alert, which sees all of its run. @param task the task that it is about; empty when it is about the run, or any */
    public static Viewpoint ofAlert(Optional<String> task, Set<Local> locals) {
        return new Viewpoint(task.orElse(ALERT), any -> true, locals);
    }

    /** The same with more names. */
    public Viewpoint with(Local... more) {
        Set<Local> all = EnumSet.noneOf(Local.class);
        all.addAll(locals);
        all.addAll(Set.of(more));
        return new Viewpoint(task, reachable, all);
    }
}

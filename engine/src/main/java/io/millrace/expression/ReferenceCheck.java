package io.millrace.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Holds what an expression names against what there is to name, and notes the tasks. */
final class ReferenceCheck {
    static final List<String> RUN = List.of("id", "pipeline", "version", "logical_time", "status", "reason");
    static final Map<String, ValueType> ERROR = error();
    static final Map<String, ValueType> SCHEDULE = schedule();
    static final Map<String, ValueType> RECORD = record();
    static final Map<String, ValueType> REQUEST = request();
    private static final List<String> OF_RUNS = List.of("inputs", "tasks", "run");
    private static final List<String> TASK = List.of("output", "status");

    private final Declarations declarations;
    private final Viewpoint viewpoint;
    private final Consumer<Flaw> flaws;
    private final Set<String> tasks = new LinkedHashSet<>();
    private final Set<String> names = new LinkedHashSet<>();
    private boolean clean = true;

    ReferenceCheck(Declarations declarations, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        this.declarations = declarations;
        this.viewpoint = viewpoint;
        this.flaws = flaws;
    }

    private static Map<String, ValueType> error() {
        Map<String, ValueType> members = new LinkedHashMap<>();
        members.put("kind", ValueType.STRING);
        members.put("message", ValueType.STRING);
        members.put("attempt", ValueType.INTEGER);
        members.put("exit_code", ValueType.ANY);
        members.put("signal", ValueType.ANY);
        members.put("status", ValueType.ANY);
        return Collections.unmodifiableMap(members);
    }

    private static Map<String, ValueType> schedule() {
        Map<String, ValueType> members = new LinkedHashMap<>();
        members.put("at", ValueType.STRING);
        members.put("local", ValueType.STRING);
        return Collections.unmodifiableMap(members);
    }

    private static Map<String, ValueType> record() {
        Map<String, ValueType> members = new LinkedHashMap<>();
        members.put("topic", ValueType.STRING);
        members.put("partition", ValueType.INTEGER);
        members.put("offset", ValueType.INTEGER);
        members.put("timestamp", ValueType.STRING);
        members.put("key", ValueType.ANY);
        members.put("base64", ValueType.ANY);
        members.put("headers", ValueType.OBJECT);
        return Collections.unmodifiableMap(members);
    }

    private static Map<String, ValueType> request() {
        Map<String, ValueType> members = new LinkedHashMap<>();
        members.put("headers", ValueType.OBJECT);
        members.put("query", ValueType.OBJECT);
        return Collections.unmodifiableMap(members);
    }

    /** Whether nothing was wrong so far. */
    boolean isClean() {
        return clean;
    }

    Set<String> tasks() {
        return tasks;
    }

    /** Every value that was named, down to the member that is declared: {@code inputs.day}, {@code tasks.train.output.accuracy}. */
    Set<String> names() {
        return names;
    }

    /** The names that stand for something by themselves. */
    List<String> roots() {
        List<String> roots = new ArrayList<>(isBeforeRun() ? List.of() : isAtStart() ? List.of("inputs") : OF_RUNS);
        viewpoint.locals().stream().sorted().map(Local::word).forEach(roots::add);
        return roots;
    }

    private boolean isBeforeRun() {
        return viewpoint.task().equals(Viewpoint.TRIGGER);
    }

    private boolean isAtStart() {
        return viewpoint.task().equals(Viewpoint.START);
    }

    /** Answers the type of what is named, as far as it is known; {@code ANY} also where something was wrong. */
    ValueType check(Reference reference) {
        int declared = reference.root().equals("tasks") ? 3 : 1;
        names.add(reference.upTo(Math.min(declared, reference.members().size())));
        return switch (reference.root()) {
            case "inputs" -> declared(reference, 0, declarations.inputs(), "the inputs");
            case "tasks" -> task(reference);
            case "run" -> run(reference);
            case "error" -> declared(reference, 0, ERROR, "an error");
            case "item" -> item(reference);
            case "index" -> below(reference, 0, ValueType.INTEGER);
            case "schedule" -> declared(reference, 0, SCHEDULE, "a schedule");
            case "event" -> below(reference, 0, ValueType.ANY);
            case "events" -> below(reference, 0, ValueType.LIST);
            case "record" -> declared(reference, 0, RECORD, "a record");
            case "request" -> declared(reference, 0, REQUEST, "a request");
            default -> own(reference);
        };
    }

    void unknown(String name, Place place, Collection<String> candidates) {
        Flaw flaw = Flaw.of(place, "unknown name `" + name + "`").suggesting(Suggestion.of(name, candidates));
        Optional<Local> local = Arrays.stream(Local.values())
                .filter(candidate -> candidate.word().equals(name))
                .findFirst();
        if (isBeforeRun() && OF_RUNS.contains(name)) {
            flaw = Flaw.of(place, "`" + name + "` is not known before there is a run")
                    .expecting(
                            viewpoint.locals().contains(Local.SCHEDULE)
                                    ? "`schedule.at` or `schedule.local`"
                                    : oneOf(roots()));
        } else if (isAtStart() && OF_RUNS.contains(name)) {
            flaw = Flaw.of(place, "`" + name + "` is not known before the run begins")
                    .expecting("`inputs.<name>`");
        } else if (name.equals("secrets")) {
            flaw = Flaw.of(place, "a secret cannot stand here")
                    .expecting("it as the whole value of an entry of `env`, such as `TOKEN: ${{ secrets.token }}`");
        } else if (local.isPresent()) {
            flaw = Flaw.of(place, "`" + name + "` is known to " + local.get().home() + " alone")
                    .expecting(local.get() == Local.OUTPUT ? "`tasks.<id>.output`" : oneOf(roots()));
        } else if (isBeforeRun()) {
            flaw = Flaw.of(place, flaw.message()).suggesting(Suggestion.of(name, roots()));
        } else if (declarations.inputs().containsKey(name)) {
            flaw = Flaw.of(place, flaw.message()).suggesting(Optional.of("inputs." + name));
        } else if (declarations.tasks().containsKey(name)) {
            flaw = Flaw.of(place, flaw.message()).suggesting(Optional.of("tasks." + name));
        } else if (flaw.suggestion().isEmpty()) {
            flaw = flaw.suggesting(
                    Suggestion.of(name, declarations.inputs().keySet()).map(input -> "inputs." + input));
        }
        report(flaw.expected().isPresent() ? flaw : flaw.expecting(oneOf(roots())));
    }

    void report(Flaw flaw) {
        clean = false;
        flaws.accept(flaw);
    }

    private ValueType run(Reference reference) {
        if (reference.members().isEmpty()) {
            return ValueType.OBJECT;
        }
        Reference.Member member = reference.members().get(0);
        if (!RUN.contains(member.name())) {
            report(Flaw.of(member.place(), "`run` has no member `" + member.name() + "`")
                    .expecting(oneOf(RUN))
                    .suggesting(Suggestion.of(member.name(), RUN)));
            return ValueType.ANY;
        }
        return below(reference, 1, member.name().equals("version") ? ValueType.INTEGER : ValueType.STRING);
    }

    private ValueType own(Reference reference) {
        return declared(
                reference, 0, declarations.ownOutput(viewpoint.task()), "the output of the task " + viewpoint.task());
    }

    private ValueType item(Reference reference) {
        Declarations.Iterated known = declarations.iterated(viewpoint.task());
        if (reference.members().isEmpty() || known.members().isEmpty()) {
            return below(reference, 0, known.item());
        }
        Reference.Member member = reference.members().get(0);
        ValueType type = known.members().get(member.name());
        if (type == null) {
            report(Flaw.of(member.place(), "no item of `for_each` has a member `" + member.name() + "`")
                    .expecting(oneOf(known.members().keySet()))
                    .suggesting(Suggestion.of(member.name(), known.members().keySet())));
            return ValueType.ANY;
        }
        return below(reference, 1, type);
    }

    private ValueType task(Reference reference) {
        if (reference.members().isEmpty()) {
            report(Flaw.of(reference.place(), "`tasks` cannot be used as a whole")
                    .expecting("`tasks.<id>.output` or `tasks.<id>.status`"));
            return ValueType.ANY;
        }
        Reference.Member id = reference.members().get(0);
        if (!declarations.tasks().containsKey(id.name())) {
            report(Flaw.of(id.place(), "there is no task `" + id.name() + "`")
                    .suggesting(Suggestion.of(id.name(), declarations.tasks().keySet())));
            return ValueType.ANY;
        }
        if (viewpoint.task().isEmpty()) {
            report(Flaw.of(id.place(), "`defaults` cannot refer to tasks")
                    .expecting("it in the tasks that need " + id.name()));
            return ValueType.ANY;
        }
        if (id.name().equals(viewpoint.task())) {
            report(Flaw.of(id.place(), "the task " + id.name() + " cannot refer to itself")
                    .suggesting(viewpoint.locals().contains(Local.OUTPUT) ? Optional.of("output") : Optional.empty()));
            return ValueType.ANY;
        }
        if (viewpoint.task().equals(Viewpoint.RUN) && !viewpoint.reachable().test(id.name())) {
            report(Flaw.of(id.place(), "the outputs of a run are known before " + id.name() + " is executed")
                    .expecting("one of the tasks under `tasks`"));
            return ValueType.ANY;
        }
        if (!viewpoint.reachable().test(id.name())) {
            report(Flaw.of(
                            id.place(),
                            "the task " + viewpoint.task() + " does not need " + id.name()
                                    + ", so it cannot refer to it")
                    .expecting(id.name() + " in `needs` of " + viewpoint.task()));
            return ValueType.ANY;
        }
        tasks.add(id.name());
        if (reference.members().size() == 1) {
            return ValueType.OBJECT;
        }
        Reference.Member member = reference.members().get(1);
        if (!TASK.contains(member.name())) {
            boolean inOutput = outputs(id.name()).containsKey(member.name());
            report(Flaw.of(member.place(), "a task has no member `" + member.name() + "`")
                    .expecting(oneOf(TASK))
                    .suggesting(
                            inOutput ? Optional.of("output." + member.name()) : Suggestion.of(member.name(), TASK)));
            return ValueType.ANY;
        }
        return member.name().equals("status")
                ? below(reference, 2, ValueType.STRING)
                : declared(reference, 2, outputs(id.name()), "the output of the task " + id.name());
    }

    private Map<String, ValueType> outputs(String task) {
        return declarations.tasks().getOrDefault(task, Map.of());
    }

    /** A member of an object whose members are declared; for a task's output, none declared means that anything goes. */
    private ValueType declared(Reference reference, int depth, Map<String, ValueType> types, String owner) {
        if (reference.members().size() == depth) {
            return ValueType.OBJECT;
        }
        Reference.Member member = reference.members().get(depth);
        ValueType type = types.get(member.name());
        if (type != null) {
            return below(reference, depth + 1, type);
        }
        boolean open = types.isEmpty() && !reference.root().equals("inputs");
        if (!open) {
            report(Flaw.of(
                            member.place(),
                            owner + " declare".concat(reference.root().equals("inputs") ? "" : "s") + " no `"
                                    + member.name() + "`")
                    .expecting(types.isEmpty() ? "an input that is declared under `inputs`" : oneOf(types.keySet()))
                    .suggesting(Suggestion.of(member.name(), types.keySet())));
        }
        return ValueType.ANY;
    }

    private ValueType below(Reference reference, int depth, ValueType type) {
        if (reference.members().size() == depth) {
            return type;
        }
        Reference.Member member = reference.members().get(depth);
        if (type == ValueType.FILE && ValueType.FILE_MEMBERS.contains(member.name())) {
            return below(reference, depth + 1, member.name().equals("size") ? ValueType.INTEGER : ValueType.STRING);
        }
        if (type != ValueType.OBJECT && type != ValueType.ANY) {
            report(Flaw.of(
                    member.place(),
                    "`" + reference.upTo(depth) + "` is " + type.describe() + " and has no member `" + member.name()
                            + "`"));
        }
        return ValueType.ANY;
    }

    static String oneOf(Collection<String> names) {
        List<String> quoted = new ArrayList<>();
        for (String name : names) {
            if (quoted.size() == 20) {
                quoted.add("…");
                break;
            }
            quoted.add("`" + name + "`");
        }
        return quoted.size() == 1 ? quoted.get(0) : "one of " + String.join(", ", quoted);
    }
}

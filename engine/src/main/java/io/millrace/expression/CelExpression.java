package io.millrace.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expression in CEL.
 *
 * <p><b>Threading:</b> free to share; two threads may both build the program, and one of the two is kept.
 */
final class CelExpression implements Expression {
    private static final Pattern MESSAGE =
            Pattern.compile("evaluation error(?: at <input>:(\\d+))?: (.*)", Pattern.DOTALL);
    private static final Pattern MISSING_KEY = Pattern.compile("key '(.*)' is not present in map\\.", Pattern.DOTALL);
    private static final Pattern NO_OVERLOAD =
            Pattern.compile("No matching overload for function '([^']+)'.*", Pattern.DOTALL);
    private static final Pattern NO_FIELDS = Pattern.compile("Error resolving field '([^']+)'.*", Pattern.DOTALL);
    private static final Pattern NO_CONDITION = Pattern.compile("expected boolean value, found: (.*)", Pattern.DOTALL);
    private static final Pattern FUNCTION_FAILED =
            Pattern.compile("Function '([^']+)' failed with arg\\(s\\).*", Pattern.DOTALL);

    private final Excerpt excerpt;
    private final CelAbstractSyntaxTree tree;
    private final Declarations declarations;
    private final Prices prices;
    private final String ownTask;
    private final Set<String> roots;
    private final Set<String> tasks;
    private final Set<String> names;
    private volatile CelRuntime.@Nullable Program program;

    CelExpression(
            Excerpt excerpt,
            CelAbstractSyntaxTree tree,
            Declarations declarations,
            String ownTask,
            Set<String> roots,
            ReferenceCheck check) {
        this.excerpt = excerpt;
        this.tree = tree;
        this.prices = new Prices(tree.getExpr());
        this.declarations = declarations;
        this.ownTask = ownTask;
        this.roots = roots;
        this.tasks = Set.copyOf(check.tasks());
        this.names = Set.copyOf(check.names());
    }

    @Override
    public @Nullable Object evaluate(Scope scope) throws EvaluationException {
        try {
            return CelValues.toJson(program().trace(variables(scope), new Effort(prices)));
        } catch (Effort.ExceededError e) {
            throw new EvaluationException(
                    excerpt.text(),
                    excerpt.placeAt(Offsets.index(excerpt.text(), position(e.node()))),
                    "it takes more than " + ExpressionLimits.STEPS + " steps");
        } catch (CelEvaluationException e) {
            throw located(e, scope);
        } catch (InvalidDocumentException e) {
            throw failed(e.getMessage());
        } catch (RuntimeException e) {
            // A fault of the language itself must end this task and not the process (G8).
            throw failed("the expression language failed: " + Shortened.of(e.toString()));
        }
    }

    private CelRuntime.Program program() throws CelEvaluationException {
        CelRuntime.Program ready = program;
        if (ready == null) {
            ready = Cel.RUNTIME.createProgram(tree);
            program = ready;
        }
        return ready;
    }

    private Map<String, Object> variables(Scope scope) throws EvaluationException {
        Map<String, Object> variables = new HashMap<>();
        if (roots.contains("inputs")) {
            variables.put("inputs", CelValues.withDecimals(scope.inputs().forExpressions(), declarations.inputs()));
        }
        if (roots.contains("run")) {
            variables.put("run", Variables.run(scope));
        }
        if (roots.contains("output")) {
            Optional<Document> output = scope.output(ownTask);
            if (output.isEmpty()) {
                throw failed(Variables.noOutput(ownTask, scope.status(ownTask)));
            }
            variables.put(
                    "output", CelValues.withDecimals(output.get().forExpressions(), declarations.ownOutput(ownTask)));
        }
        for (Local local : Local.values()) {
            if (local != Local.OUTPUT && roots.contains(local.word())) {
                variables.put(local.word(), CelValues.of(scope.local(local)));
            }
        }
        if (roots.contains("tasks")) {
            Map<String, Object> byId = new HashMap<>();
            tasks.forEach(task -> byId.put(task, Variables.task(scope, task, output -> output(task, output))));
            variables.put("tasks", byId);
        }
        return variables;
    }

    private Map<String, Object> output(String task, Document output) {
        return CelValues.collectedWithDecimals(
                CelValues.withDecimals(
                        output.forExpressions(), declarations.tasks().getOrDefault(task, Map.of())),
                declarations.iterated(task).outputs());
    }

    private EvaluationException located(CelEvaluationException e, Scope scope) {
        Matcher message = MESSAGE.matcher(String.valueOf(e.getMessage()));
        boolean understood = message.matches();
        String text = understood ? message.group(2) : String.valueOf(e.getMessage());
        Place place = understood && message.group(1) != null
                ? excerpt.placeAt(Offsets.index(excerpt.text(), position(message.group(1))))
                : excerpt.place();
        return new EvaluationException(excerpt.text(), place, reason(e, text, scope));
    }

    private int position(long node) {
        return tree.getSource().getPositionsMap().getOrDefault(node, 0);
    }

    /** A position that CEL gives beyond an int would be its bug; the start of the expression is near enough then. */
    private static int position(String digits) {
        return digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }

    private String reason(CelEvaluationException e, String text, Scope scope) {
        Matcher key = MISSING_KEY.matcher(text);
        if (key.matches()) {
            return missing(key.group(1), scope);
        }
        Matcher overload = NO_OVERLOAD.matcher(text);
        if (overload.matches()) {
            return "`" + Complaint.operator(overload.group(1)) + "` cannot be applied to the values it is given";
        }
        Matcher fields = NO_FIELDS.matcher(text);
        if (fields.matches()) {
            return "the member `" + fields.group(1) + "` is asked of a value that is no object";
        }
        if (e.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED) {
            return "its macros visit more than " + ExpressionLimits.ITERATIONS + " elements";
        }
        if (e.getErrorCode() == CelErrorCode.DIVIDE_BY_ZERO) {
            return "division by zero";
        }
        if (e.getErrorCode() == CelErrorCode.NUMERIC_OVERFLOW) {
            return "overflow: a number is beyond 64 bits";
        }
        if (e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
            return missing(text, scope);
        }
        Matcher noCondition = NO_CONDITION.matcher(text);
        if (noCondition.matches()) {
            String found = noCondition.group(1);
            return "what must be true or false is " + (found.equals("NULL_VALUE") ? "null" : Shortened.of(found));
        }
        if (FUNCTION_FAILED.matcher(text).matches()) {
            Throwable cause = e.getCause();
            while (cause != null && cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause != null && cause.getMessage() != null) {
                return Shortened.of(cause.getMessage());
            }
        }
        return Shortened.of(text);
    }

    private String missing(String name, Scope scope) {
        if (name.equals("output")) {
            for (String task : tasks) {
                if (scope.output(task).isEmpty()) {
                    return Variables.noOutput(task, scope.status(task));
                }
            }
        }
        return "there is no member `" + Shortened.of(name) + "`";
    }

    @Override
    public Set<String> taskReferences() {
        return tasks;
    }

    @Override
    public Set<String> references() {
        return names;
    }

    @Override
    public Excerpt excerpt() {
        return excerpt;
    }

    @Override
    public ValueType type() {
        return DeclaredTypes.typeOf(tree.getResultType());
    }
}

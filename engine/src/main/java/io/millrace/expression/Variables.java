package io.millrace.expression;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The variables of expressions, as maps out of a scope, sorted as all objects are. */
final class Variables {
    private Variables() {}

    static Map<String, Object> run(Scope scope) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("id", scope.runId());
        run.put("logical_time", scope.logicalTime());
        run.put("pipeline", scope.pipeline());
        run.put("reason", scope.runReason());
        run.put("status", scope.runStatus());
        run.put("version", (long) scope.version());
        return run;
    }

    /** A task that has no output has no member {@code output}. */
    static Map<String, Object> task(Scope scope, String task, Function<Document, Map<String, ?>> view) {
        Map<String, Object> members = new LinkedHashMap<>();
        scope.output(task).ifPresent(output -> members.put("output", view.apply(output)));
        members.put("status", scope.status(task));
        return members;
    }

    static String noOutput(String task, String status) {
        return "the task " + task + " has no output, its status is " + status;
    }
}

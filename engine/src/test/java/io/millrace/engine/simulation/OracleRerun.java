package io.millrace.engine.simulation;

import io.millrace.engine.simulation.OracleTask.Status;
import io.millrace.pipeline.TaskId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What begins anew when a run is opened again, as docs/http-api.md has it. */
final class OracleRerun {
    private OracleRerun() {}

    /** Has it begin anew. @return false when the rerun is none */
    static boolean of(OracleRun run, List<TaskId> chosen) {
        Set<String> again = new HashSet<>();
        Set<String> wholly = new HashSet<>();
        Set<TaskId> items = new HashSet<>();
        for (TaskId id : chosen) {
            OracleTask task = run.find(id.base());
            if (task == null || id.isItem() && id.index() >= task.items.size()) {
                return false;
            }
            again.add(task.plan.id());
            if (id.isItem()) {
                items.add(id);
            } else {
                wholly.add(task.plan.id());
            }
        }
        for (OracleTask task : run.tasks()) {
            if (chosen.isEmpty() && (task.status.isBad() || task.status == Status.CANCELLED)) {
                again.add(task.plan.id());
            }
        }
        if (again.isEmpty()) {
            return false;
        }
        addWhatFollows(run, again, wholly);
        for (OracleTask task : run.tasks()) {
            if (again.contains(task.plan.id())) {
                begin(task, wholly.contains(task.plan.id()), items);
            }
        }
        return true;
    }

    private static void addWhatFollows(OracleRun run, Set<String> again, Set<String> wholly) {
        boolean grown = true;
        while (grown) {
            grown = false;
            for (OracleTask task : run.tasks()) {
                boolean follows =
                        task.plan.stage() > 0 || task.plan.needs().stream().anyMatch(again::contains);
                if (follows) {
                    grown |= again.add(task.plan.id());
                    wholly.add(task.plan.id());
                }
            }
        }
    }

    private static void begin(OracleTask task, boolean wholly, Set<TaskId> chosenItems) {
        for (OracleTask item : task.items) {
            if (wholly || item.status != Status.SUCCEEDED || chosenItems.contains(item.id)) {
                item.reset();
            }
        }
        task.reset();
        task.list = wholly ? null : task.list;
    }
}

package io.millrace.pipeline.graph;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import java.util.Arrays;
import java.util.List;

/** What the stages of a run are called in a drawing. */
final class StageTitle {
    private StageTitle() {}

    /** The stages that have tasks, in their order. */
    static List<Stage> stages(Pipeline pipeline) {
        return Arrays.stream(Stage.values())
                .filter(stage -> !pipeline.tasks(stage).isEmpty())
                .toList();
    }

    static String of(Stage stage) {
        return switch (stage) {
            case MAIN -> "tasks";
            case ON_FAILURE -> "on_failure: when the run is about to fail";
            case FINALLY -> "finally: however the run ends";
        };
    }
}

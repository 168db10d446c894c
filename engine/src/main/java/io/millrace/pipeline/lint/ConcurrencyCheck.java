package io.millrace.pipeline.lint;

import io.millrace.pipeline.RunPipeline;
import io.millrace.pipeline.Task;

/** Finds runs that hold a slot while they wait for another run that needs one of the same. */
final class ConcurrencyCheck implements Check {
    @Override
    public void check(Subject subject, Report report) {
        if (subject.pipeline().concurrency().isEmpty()) {
            return;
        }
        for (Task task : subject.pipeline().tasks()) {
            if (task.action() instanceof RunPipeline other
                    && other.pipeline().equals(subject.pipeline().id())) {
                report.add(
                        Rule.WAITS_FOR_ITSELF,
                        subject.placeInTask(task.id(), "run"),
                        task.id()
                                + " starts a run of the pipeline itself, which waits for a slot while this run keeps its own",
                        "start another pipeline, or give the pipeline no `concurrency`");
            }
        }
    }
}

package io.millrace.cli.command;

import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * An example that the demo runs, and how it is meant to go.
 *
 * @param files its pipeline file, and the files that it names
 * @param shows what there is to see
 * @param asMeant whether the run went as it is meant to, which may be: failed
 */
record DemoStory(List<String> files, String shows, Predicate<RunView> asMeant) {
    static final List<DemoStory> ALL = List.of(
            new DemoStory(List.of("hello.yaml"), "the smallest useful pipeline", RunView::succeeded),
            new DemoStory(
                    List.of("iris/iris.yaml", "iris/iris.py", "iris/iris.csv"),
                    "a script from a laptop's cron, unchanged, as four tasks",
                    run -> run.succeeded() && number(run, "check", "accuracy") >= 0.9),
            new DemoStory(
                    List.of("flaky.yaml"),
                    "a task that fails twice, is retried, and succeeds",
                    run -> run.succeeded() && attempts(run, "fetch") == 3),
            new DemoStory(
                    List.of("diamond.yaml"),
                    "branches that join, a condition, a branch that is skipped",
                    run -> run.succeeded() && status(run, "investigate").equals("skipped")),
            new DemoStory(
                    List.of("failing.yaml"),
                    "a task that fails for good, as it is meant to; what needs it is not executed",
                    run -> run.status().equals("failed")
                            && attempts(run, "load") == 2
                            && status(run, "publish").equals("upstream_failed")));

    /** Puts its files below this directory and returns the pipeline's. */
    Path unpack(Path directory) {
        for (String name : files) {
            Path target = directory.resolve(name);
            try (InputStream content = DemoStory.class.getResourceAsStream("/examples/" + name)) {
                if (content == null) {
                    throw new IllegalStateException("this Millrace was built without the example " + name);
                }
                Files.createDirectories(target.resolveSibling("."));
                Files.copy(content, target);
            } catch (IOException e) {
                throw new UncheckedIOException("the example " + name + " cannot be unpacked to " + target, e);
            }
        }
        return directory.resolve(files.get(0));
    }

    private static double number(RunView run, String task, String output) {
        return run.task(task).map(each -> each.output().path(output).asDouble()).orElse(Double.NaN);
    }

    private static int attempts(RunView run, String task) {
        return run.task(task).map(TaskView::attempt).orElse(0);
    }

    private static String status(RunView run, String task) {
        return run.task(task).map(TaskView::status).orElse("");
    }
}

package io.millrace.cli.endtoend;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Work that goes on beside a test; what it fails with is seen when its result is asked for. */
final class Background {
    private Background() {}

    static <T> Future<T> run(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "background");
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}

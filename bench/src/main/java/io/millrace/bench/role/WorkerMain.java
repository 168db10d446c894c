package io.millrace.bench.role;

import io.millrace.worker.TaskContext;
import io.millrace.worker.Worker;
import io.millrace.worker.WorkerConfig;
import java.util.Map;

/**
 * A worker whose settings are its arguments, as {@code key=value}. Its handlers are {@code nothing}, which is claimed and does nothing, {@code nothing_exactly_once}, which is transactional, and {@code arrive}, which says how long ago its
 * input {@code sent} was. Says {@code ready ID}.
 */
public final class WorkerMain {
    private WorkerMain() {}

    /** Works until standard input ends. */
    public static void main(String[] arguments) {
        try (Worker worker = Worker.builder(WorkerConfig.read(Parent.settings(arguments)))
                .handler("nothing", context -> null)
                .handler("arrive", context -> Map.of("waited_micros", EpochMicros.now() - sent(context)))
                .transactionalHandler("nothing_exactly_once", context -> null)
                .start()) {
            Parent.say(Parent.READY, worker.id());
            Parent.awaitEnd();
        }
    }

    private static long sent(TaskContext context) {
        if (context.inputs().get("sent") instanceof Number sent) {
            return sent.longValue();
        }
        throw new IllegalArgumentException("There is no number 'sent' among the inputs");
    }
}

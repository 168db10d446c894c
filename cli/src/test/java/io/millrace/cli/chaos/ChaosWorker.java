package io.millrace.cli.chaos;

import io.millrace.schemas.config.Settings;
import io.millrace.worker.RetryableException;
import io.millrace.worker.TaskContext;
import io.millrace.worker.Worker;
import io.millrace.worker.WorkerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A worker whose tasks write down what they do: {@code ChaosWorker SETTINGS LEDGER}. Each execution is a line of the ledger,
 * so that effects are counted raw, and the key in it says which of them are the same effect.
 */
final class ChaosWorker {
    static final String READY = "worker ready";
    static final String EFFECTS = "chaos.effects";

    private ChaosWorker() {}

    public static void main(String[] arguments) throws InterruptedException {
        Settings settings = Settings.builder().file(Path.of(arguments[0])).build();
        WorkerConfig config = WorkerConfig.read(settings);
        settings.finish();
        Path ledger = Path.of(arguments[1]);
        Worker worker = Worker.builder(config)
                .handler("effect", context -> effect(ledger, context))
                .handler("slow", context -> {
                    LockSupport.parkNanos(
                            1_000_000L * (200 + Math.floorMod(context.run().hashCode(), 1_000)));
                    return effect(ledger, context);
                })
                .handler("flaky", context -> {
                    if (context.attempt() == 1 && Math.floorMod(context.run().hashCode(), 2) == 0) {
                        throw new RetryableException("the first attempt of every other run fails");
                    }
                    return effect(ledger, context);
                })
                .handler(
                        "list",
                        context -> Map.of(
                                "numbers",
                                IntStream.range(0, ChaosPipelines.ITEMS).boxed().toList()))
                .transactionalHandler("publish", context -> {
                    context.send(EFFECTS, context.run(), context.idempotencyKey());
                    return Map.of("sent", 1);
                })
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
        System.out.println(READY);
        worker.awaitDrained();
    }

    private static Map<String, Object> effect(Path ledger, TaskContext context) {
        String line = String.join(
                        " ",
                        context.run(),
                        context.task(),
                        context.attempt() + "." + context.epoch(),
                        context.idempotencyKey())
                + "\n";
        try {
            Files.write(
                    ledger,
                    List.of(line.strip()),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("done", true);
    }
}

package io.millrace.coordinator.catalogue;

import io.millrace.event.FileWatch;
import io.millrace.pipeline.FilesSource;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TriggerDefinition;
import java.util.List;
import java.util.stream.Stream;

/** What workers have to know of the triggers that wait for files: they read no pipelines. */
final class Watches {
    private Watches() {}

    static List<FileWatch> of(Pipeline pipeline) {
        return pipeline.triggers().stream().flatMap(Watches::of).toList();
    }

    private static Stream<FileWatch> of(TriggerDefinition trigger) {
        return trigger.source() instanceof FilesSource files
                ? Stream.of(FileWatch.newBuilder()
                        .setTrigger(trigger.id().value())
                        .setDirectory(files.directory())
                        .setPattern(files.pattern())
                        .setQueue(files.queue())
                        .setEveryMillis(files.every().toMillis())
                        .setSettledMillis(files.settled().toMillis())
                        .setExisting(files.from() == FilesSource.Beginning.EXISTING)
                        .build())
                : Stream.empty();
    }
}

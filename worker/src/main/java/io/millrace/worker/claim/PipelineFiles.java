package io.millrace.worker.claim;

import io.millrace.event.PipelineDefinition;
import io.millrace.event.PipelineFile;
import io.millrace.schemas.table.TopicTable;
import io.millrace.worker.execute.Delivery;
import io.millrace.worker.execute.FileSource;
import io.millrace.worker.execute.TaskFile;
import io.millrace.worker.execute.UnexecutableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The files of every version of every pipeline, from the topic {@code pipelines}. A task may arrive before the definition that it was made from has
 * been read here; it was written before, so reading to the topic's end settles whether it exists.
 *
 * <p><b>Threading:</b> any number of executing threads ask and wait.
 */
final class PipelineFiles implements FileSource {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final TopicTable<PipelineDefinition> definitions;

    PipelineFiles(TopicTable<PipelineDefinition> definitions) {
        this.definitions = definitions;
    }

    @Override
    public List<TaskFile> filesOf(Delivery delivery) throws UnexecutableException, IOException, InterruptedException {
        Map<String, PipelineFile> known = new HashMap<>();
        definitionOf(delivery).getFiles().forEach(file -> known.put(file.getPath(), file));
        List<TaskFile> files = new ArrayList<>();
        for (String path : delivery.files()) {
            PipelineFile file = known.get(path);
            if (file == null) {
                throw new UnexecutableException("Version " + delivery.version() + " of pipeline '" + delivery.pipeline()
                        + "' came without the file '" + path + "'.");
            }
            files.add(new TaskFile(path, file.getContent(), file.getExecutable()));
        }
        return files;
    }

    private PipelineDefinition definitionOf(Delivery delivery)
            throws UnexecutableException, IOException, InterruptedException {
        String key = delivery.pipeline() + "/" + delivery.version();
        Optional<PipelineDefinition> definition = definitions.get(key);
        if (definition.isEmpty()) {
            try {
                definitions.awaitEnd(PATIENCE);
            } catch (TimeoutException | IllegalStateException e) {
                throw new IOException(
                        "The files of pipeline '" + delivery.pipeline() + "' could not be read: " + e.getMessage(), e);
            }
            definition = definitions.get(key);
        }
        return definition.orElseThrow(() -> new UnexecutableException(
                "There is no version " + delivery.version() + " of pipeline '" + delivery.pipeline() + "'."));
    }
}

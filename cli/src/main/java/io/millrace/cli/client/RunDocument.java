package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.IntConsumer;

/** A run as the API answers it, with more of its tasks than the first answer has: the pages behind it are put into it. */
public final class RunDocument {
    private final ApiClient api;
    private final IntConsumer soFar;

    /** @param soFar is told after each page how many tasks there are */
    public RunDocument(ApiClient api, IntConsumer soFar) {
        this.api = api;
        this.soFar = soFar;
    }

    /** With all tasks of the file; some items may be there, too. */
    public ObjectNode withTasks(String runId) {
        return read(runId, false);
    }

    /** With all tasks and all items. */
    public ObjectNode withTasksAndItems(String runId) {
        return read(runId, true);
    }

    private ObjectNode read(String runId, boolean items) {
        ObjectNode run = api.run(runId).deepCopy();
        ArrayNode tasks = run.withArray("tasks");
        Listing others = api.tasks(runId, Query.ALL);
        Optional<String> next = Optional.ofNullable(run.path("tasks_next").textValue());
        // Items come after all tasks of the file.
        while (next.isPresent() && (items || !isItem(tasks.path(tasks.size() - 1)))) {
            Listing.Part page = others.page(next.get());
            page.entries().forEach(tasks::add);
            next = page.next();
            soFar.accept(tasks.size());
        }
        return run.put("tasks_next", next.orElse(null));
    }

    private static boolean isItem(JsonNode task) {
        return task.path("item_of").isTextual();
    }
}

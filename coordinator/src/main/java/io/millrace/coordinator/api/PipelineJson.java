package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.event.PipelineFile;
import io.millrace.pipeline.InputSpec;
import io.millrace.pipeline.Problem;
import io.millrace.pipeline.Task;
import java.util.List;

/** Pipelines as the API shows them. */
final class PipelineJson {
    private PipelineJson() {}

    static ObjectNode summary(PipelineVersion version) {
        return JsonText.object()
                .put("id", version.id().value())
                .put("version", version.version())
                .put("description", version.pipeline().description().orElse(null))
                .put("tasks", version.pipeline().tasks().size())
                .put("applied_at", JsonText.moment(version.appliedAt()));
    }

    static ObjectNode full(PipelineVersion version) {
        ObjectNode body = JsonText.object()
                .put("id", version.id().value())
                .put("version", version.version())
                .put("digest", version.digest())
                .put("applied_at", JsonText.moment(version.appliedAt()))
                .put("description", version.pipeline().description().orElse(null))
                .put("source", version.definition().getSource());
        ArrayNode files = body.putArray("files");
        for (PipelineFile file : version.definition().getFiles()) {
            files.addObject()
                    .put("path", file.getPath())
                    .put("bytes", file.getContent().remaining());
        }
        ObjectNode inputs = body.putObject("inputs");
        version.pipeline().inputs().forEach((name, spec) -> inputs.set(name, input(spec)));
        ArrayNode tasks = body.putArray("tasks");
        version.pipeline().tasks().forEach(task -> tasks.add(task(task)));
        return body;
    }

    private static ObjectNode input(InputSpec spec) {
        ObjectNode input = JsonText.object().put("type", JsonText.lower(spec.type()));
        spec.defaultValue().ifPresent(value -> input.set("default", JsonText.valueOf(value)));
        spec.description().ifPresent(text -> input.put("description", text));
        return input;
    }

    private static ObjectNode task(Task task) {
        ObjectNode shown = JsonText.object().put("id", task.id().value());
        ArrayNode needs = shown.putArray("needs");
        task.needs().forEach(need -> needs.add(need.value()));
        return shown.put("kind", task.action().kind()).put("queue", task.queue());
    }

    static ArrayNode problems(List<Problem> problems) {
        ArrayNode shown = JsonText.object().arrayNode();
        for (Problem problem : problems) {
            shown.addObject()
                    .put("file", problem.file())
                    .put("line", problem.line())
                    .put("column", problem.column())
                    .put("message", problem.message())
                    .put("expected", problem.expected().orElse(null))
                    .put("suggestion", problem.suggestion().orElse(null));
        }
        return shown;
    }
}

package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.Submission;
import io.millrace.event.PipelineFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Reads a submission from a request: the YAML file alone, or JSON with the file and those that its tasks name. */
final class SubmissionBody {
    static final String YAML = "application/yaml";

    private static final int MAX_FILE_NAME = 255;

    private SubmissionBody() {}

    /** @throws ProblemException when the body is neither; what is wrong with the pipeline itself is the submission's to say */
    static Submission read(Call call, String id) {
        String fileName = id + ".yaml";
        return switch (call.mediaType()) {
            case YAML -> Submission.of(fileName, call.text(), List.of());
            case Call.JSON -> fromJson(call.json("source", "file_name", "files"), fileName);
            default -> throw call.unsupported(YAML, Call.JSON);
        };
    }

    private static Submission fromJson(ObjectNode body, String fileNameOtherwise) {
        String source = text(body, "source");
        String fileName = body.hasNonNull("file_name") ? text(body, "file_name") : fileNameOtherwise;
        if (fileName.isBlank()
                || fileName.length() > MAX_FILE_NAME
                || fileName.chars().anyMatch(Character::isISOControl)) {
            throw malformed("\"file_name\" must have 1 to " + MAX_FILE_NAME + " printable characters");
        }
        List<PipelineFile> files = new ArrayList<>();
        JsonNode given = body.path("files");
        if (given.isObject()) {
            for (Map.Entry<String, JsonNode> file : given.properties()) {
                files.add(file(file.getKey(), file.getValue()));
            }
        } else if (!given.isMissingNode() && !given.isNull()) {
            throw malformed("\"files\" must be an object, with a member for each path");
        }
        return Submission.of(fileName, source, files);
    }

    private static PipelineFile file(String path, JsonNode file) {
        String place = "\"files\": \"" + path + "\": ";
        if (!file.isObject()) {
            throw malformed(place + "must be an object with \"content\" and perhaps \"executable\"");
        }
        file.fieldNames().forEachRemaining(name -> {
            if (!name.equals("content") && !name.equals("executable")) {
                throw malformed(place + "there is no member \"" + name + "\"; allowed are content, executable");
            }
        });
        if (!file.path("content").isTextual()) {
            throw malformed(place + "\"content\" must be the file's bytes in base64");
        }
        JsonNode executable = file.path("executable");
        if (!executable.isBoolean() && !executable.isMissingNode() && !executable.isNull()) {
            throw malformed(place + "\"executable\" must be true or false");
        }
        byte[] content;
        try {
            content = Base64.getDecoder().decode(file.path("content").textValue());
        } catch (IllegalArgumentException e) {
            throw malformed(place + "\"content\" is not base64: " + e.getMessage());
        }
        return PipelineFile.newBuilder()
                .setPath(path)
                .setContent(ByteBuffer.wrap(content))
                .setExecutable(executable.asBoolean(false))
                .build();
    }

    private static String text(ObjectNode body, String name) {
        JsonNode value = body.path(name);
        if (!value.isTextual()) {
            throw malformed("\"" + name + "\" must be a text" + (value.isMissingNode() ? ", and is missing" : ""));
        }
        return value.textValue();
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(ProblemKind.MALFORMED_JSON, detail);
    }
}

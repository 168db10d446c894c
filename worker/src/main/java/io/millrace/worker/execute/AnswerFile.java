package io.millrace.worker.execute;

import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.http.AnswerBody;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The file that the body of an {@code http} task's answer becomes where the task declares {@code outputs: {body: file}}. */
final class AnswerFile {
    /** The one member of an answer that can be a file. */
    static final String MEMBER = "body";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    private final Workspace workspace;
    private final Artifacts artifacts;
    private final Optional<Long> diskBytes;

    AnswerFile(Workspace workspace, Artifacts artifacts, Optional<Long> diskBytes) {
        this.workspace = workspace;
        this.artifacts = artifacts;
        this.diskBytes = diskBytes;
    }

    /**
     * Makes the file, named as the URL ends, beside what else the task has in its directory. The least of the limits counts.
     *
     * @param max {@code response.max} of the task
     * @throws IOException when it cannot be made, or there is no store that would take it: known before anything is called
     */
    AnswerBody take(URI url, Optional<Long> max) throws IOException {
        artifacts.requireStore();
        Path directory = Files.createDirectory(workspace.directory().resolve("answer"));
        Path file = Files.createFile(directory.resolve(name(url)));
        AnswerBody body = AnswerBody.in(file, artifacts.limitBytes(), "worker.artifacts.limit");
        if (diskBytes.isPresent() && diskBytes.get() < body.maxBytes()) {
            body = AnswerBody.in(file, diskBytes.get(), "worker.task.disk");
        }
        return max.isPresent() && max.get() <= body.maxBytes() ? AnswerBody.in(file, max.get(), "response.max") : body;
    }

    private static String name(URI url) {
        String path = Optional.ofNullable(url.getRawPath()).orElse("");
        String last = path.substring(path.lastIndexOf('/') + 1);
        return NAME.matcher(last).matches() ? last : MEMBER;
    }
}

package io.millrace.worker.execute;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.worker.artifact.ArtifactException;
import io.millrace.worker.artifact.ArtifactReference;
import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.execute.OutputDocument.InvalidOutputException;
import io.millrace.worker.secret.Mask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What one attempt has to do with artifacts: those that it is given, and those that it gives out. All of it ends when the attempt is asked to stop.
 *
 * <p><b>Threading:</b> the executing thread, and those of a handler.
 */
final class AttemptArtifacts {
    /** The kinds of tasks that are given files; others are given the references, and open what they need. */
    private static final Set<String> READ_FILES = Set.of("shell", "python", "container");

    /** The kinds whose tasks read with the worker's own eyes anyway. A container sees only what it is given, and must not see more by way of the worker. */
    private static final Set<String> SEE_ALL_FILES = Set.of("shell", "python", "java");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Artifacts artifacts;
    private final Workspace workspace;
    private final StopSignal stop;
    private final Mask mask;

    AttemptArtifacts(Artifacts artifacts, Workspace workspace, StopSignal stop, Mask mask) {
        this.artifacts = artifacts;
        this.workspace = workspace;
        this.stop = stop;
        this.mask = mask;
    }

    /** The delivery as its executor needs it: with the paths of files where it is one that reads files. */
    Delivery fetched(Delivery delivery) throws IOException, UnexecutableException {
        return READ_FILES.contains(delivery.kind())
                ? new InputFiles(artifacts, workspace, stop).fetched(delivery)
                : delivery;
    }

    /** The outcome as it leaves the worker: without secrets, and with references in the places of files. */
    Outcome stored(Outcome outcome, Delivery delivery) throws IOException {
        if (!(outcome instanceof Outcome.Succeeded succeeded)
                || delivery.fileOutputs().isEmpty()) {
            return MaskedOutcome.of(outcome, mask);
        }
        try {
            return new Outcome.Succeeded(
                    new OutputFiles(artifacts, workspace, stop, mask, SEE_ALL_FILES.contains(delivery.kind()))
                            .stored(succeeded.output(), delivery.fileOutputs()));
        } catch (InvalidOutputException e) {
            return new Outcome.Failed(Failure.invalidOutput(e.sentence()));
        }
    }

    /** Opens an artifact by the object that stands for it. */
    InputStream open(Object reference) throws IOException {
        ArtifactReference found = ArtifactReference.in(JSON.valueToTree(reference))
                .orElseThrow(() -> ArtifactException.permanent(
                        "This is no reference to an artifact; expected an object with artifact, name and size."));
        return artifacts.open(found);
    }

    /** Stores what the stream gives, and returns the object that stands for it. */
    Map<String, Object> write(String name, InputStream content) throws IOException {
        Path spool = Files.createTempFile(workspace.work().getParent(), "artifact-", ".part");
        try {
            return artifacts
                    .store(content, spool, name, () -> stop.requested().isPresent())
                    .toMap();
        } finally {
            Files.deleteIfExists(spool);
        }
    }
}

package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.Applied;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.catalogue.Submission;
import io.millrace.pipeline.PipelineId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Applying pipelines and looking at them. */
final class PipelineRoutes {
    private final PipelineCatalogue catalogue;
    private final Tokens tokens;
    private final ApiServer.Lanes lanes;

    PipelineRoutes(PipelineCatalogue catalogue, Tokens tokens, ApiServer.Lanes lanes) {
        this.catalogue = catalogue;
        this.tokens = tokens;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.PIPELINES, Dispatcher.to(lanes.reading(), tokens.before(this::list)));
        // A pipeline that is not known yet is asked of Kafka, so this may wait.
        routes.get(Paths.PIPELINE, Dispatcher.to(lanes.writing(), tokens.before(this::show)));
        routes.put(Paths.PIPELINE, ServerLimits.MAX_PIPELINE_BODY_BYTES, Dispatcher.to(lanes.writing(), this::apply));
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery();
        ObjectNode body = JsonText.object();
        ArrayNode shown = body.putArray("pipelines");
        catalogue.known().forEach(version -> shown.add(PipelineJson.summary(version)));
        return done(Answer.json(200, body));
    }

    private CompletionStage<Answer> show(Call call) {
        call.allowQuery("version");
        Optional<Integer> number = call.parameter("version").map(PipelineRoutes::versionNumber);
        String id = call.pathParameter("id");
        PipelineVersion found = id(id).flatMap(pipeline ->
                        number.isPresent() ? catalogue.version(pipeline, number.get()) : catalogue.current(pipeline))
                .orElseThrow(() -> unknown(id, number));
        return done(Answer.json(200, PipelineJson.full(found)));
    }

    private CompletionStage<Answer> apply(Call call) {
        call.allowQuery("dry_run");
        boolean dry = Parameters.flag(call, "dry_run").orElse(false);
        String id = call.pathParameter("id");
        if (id(id).isEmpty()) {
            throw new ProblemException(
                    ProblemKind.INVALID_PARAMETER,
                    "\"" + id + "\" cannot be the id of a pipeline; allowed is a lower-case letter, then lower-case"
                            + " letters, digits and underscores, at most 63 characters");
        }
        Submission submission = catalogue.judged(SubmissionBody.read(call, id));
        if (submission.pipeline().isEmpty()) {
            ArrayNode problems = PipelineJson.problems(submission.problems());
            throw new ProblemException(
                    ProblemKind.INVALID_PIPELINE,
                    submission.problems().size() == 1
                            ? submission.problems().get(0).toString()
                            : "there are " + submission.problems().size() + " problems; the first is "
                                    + submission.problems().get(0),
                    Map.<String, JsonNode>of("problems", problems),
                    Map.of());
        }
        String written = submission.pipeline().get().id().value();
        if (!written.equals(id)) {
            throw new ProblemException(
                    ProblemKind.PIPELINE_ID_MISMATCH,
                    "the path says \"" + id + "\", and the pipeline's file says \"" + written + "\"");
        }
        if (dry) {
            return done(Answer.json(200, outlook(submission, catalogue.current(new PipelineId(id)), id)));
        }
        Applied applied = catalogue.apply(submission);
        ObjectNode body = JsonText.object();
        body.put("id", id);
        body.put("version", applied.version().version());
        body.put("digest", applied.version().digest());
        body.put("created", applied.created());
        body.put("applied_at", JsonText.moment(applied.version().appliedAt()));
        return done(Answer.json(applied.created() ? 201 : 200, body)
                .with(Tokens.HEADER, Tokens.ofPipeline(id, applied.version().version())));
    }

    private static ObjectNode outlook(Submission submission, Optional<PipelineVersion> current, String id) {
        boolean same = current.filter(version -> version.digest().equals(submission.digest()))
                .isPresent();
        int version = current.map(PipelineVersion::version).orElse(0);
        ObjectNode body = JsonText.object()
                .put("id", id)
                .put("version", same ? version : version + 1)
                .put("digest", submission.digest())
                .put("created", !same);
        ArrayNode diff = body.putArray("diff");
        SourceDiff.lines(
                        version == 0 ? "/dev/null" : id + " version " + version,
                        current.map(known -> known.definition().getSource()).orElse(""),
                        id + " as sent",
                        submission.source())
                .forEach(diff::add);
        return body;
    }

    private static int versionNumber(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as for a number that is out of range.
        }
        throw new ProblemException(
                ProblemKind.INVALID_PARAMETER,
                "version=" + text + " is not allowed; allowed is a whole number from 1 to " + Integer.MAX_VALUE);
    }

    /** A text that cannot be an id names no pipeline. */
    static Optional<PipelineId> id(String text) {
        try {
            return Optional.of(new PipelineId(text));
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    static ProblemException unknown(String id, Optional<Integer> version) {
        return new ProblemException(
                ProblemKind.UNKNOWN_PIPELINE,
                "there is no "
                        + version.map(number -> "version " + number + " of a ").orElse("") + "pipeline \"" + id + "\"");
    }

    private static CompletionStage<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}

package io.millrace.coordinator.api;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.query.History;
import io.millrace.engine.RunId;
import io.millrace.pipeline.PipelineId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Read your writes: the answer to a write carries a token, and a read that carries it back waits until it shows what was
 * written, at most for {@link #LIMIT}. It tells what to wait for by names and positions in Kafka's topics, so any
 * coordinator understands it.
 *
 * <p><b>Threading.</b> Thread-safe.
 */
final class Tokens {
    static final String HEADER = "Millrace-Token";
    /** Tells that the time was up before what was written could be read. */
    static final String LATE = "Millrace-Token-Late";

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Pattern FORM = Pattern.compile("(s|e|c|p)\\.([0-9a-z_]{1,63})\\.([0-9]{1,18})");

    private final History history;
    private final PipelineCatalogue catalogue;
    private final Executor executor;

    /** @param executor answers after a wait */
    Tokens(History history, PipelineCatalogue catalogue, Executor executor) {
        this.history = history;
        this.catalogue = catalogue;
        this.executor = executor;
    }

    static String ofStart(String run) {
        return "s." + run + ".0";
    }

    static String ofCancel(String run) {
        return "e." + run + ".0";
    }

    static String ofCommand(String run, long offset) {
        return "c." + run + "." + Math.max(0, offset);
    }

    static String ofPipeline(String pipeline, int version) {
        return "p." + pipeline + "." + version;
    }

    /** The same endpoint, for those that have a token after what it stands for is shown. */
    Endpoint before(Endpoint endpoint) {
        return call -> {
            Optional<String> token = call.header("millrace-token");
            if (token.isEmpty()) {
                return endpoint.answer(call);
            }
            return shown(token.get())
                    .thenComposeAsync(
                            shown -> endpoint.answer(call)
                                    .thenApply(answer -> shown ? answer : answer.with(LATE, "true")),
                            executor);
        };
    }

    private CompletionStage<Boolean> shown(String token) {
        Matcher parts = FORM.matcher(token);
        if (!parts.matches() || !parts.group(1).equals("p") && !RunId.isValid(parts.group(2))) {
            throw new ProblemException(
                    ProblemKind.INVALID_PARAMETER,
                    "the header " + HEADER + " is not allowed; allowed is what the answer to a write had in it");
        }
        String name = parts.group(2);
        long number = Long.parseLong(parts.group(3));
        return switch (parts.group(1)) {
            case "s" -> history.awaitRun(name, LIMIT);
            case "e" -> history.awaitEnd(name, LIMIT);
            case "c" -> history.awaitCommand(name, number, LIMIT);
            default -> CompletableFuture.completedFuture(isApplied(name, number));
        };
    }

    /** The catalogue asks Kafka about a version that it has not read yet. */
    private boolean isApplied(String pipeline, long version) {
        return version >= 1
                && version <= Integer.MAX_VALUE
                && PipelineRoutes.id(pipeline)
                        .flatMap((PipelineId id) -> catalogue.version(id, (int) version))
                        .isPresent();
    }
}

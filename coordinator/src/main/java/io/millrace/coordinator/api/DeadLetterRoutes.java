package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.deadletter.DeadLetterBox;
import io.millrace.coordinator.deadletter.FiledLetter;
import io.millrace.coordinator.deadletter.LetterFilter;
import io.millrace.coordinator.deadletter.LetterPage;
import io.millrace.coordinator.deadletter.NotReplayableException;
import io.millrace.coordinator.deadletter.Replay;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What could not be read or accepted: looking at it, and sending it again. */
final class DeadLetterRoutes {
    private static final int DEFAULT_LETTERS = 50;

    private final DeadLetterBox letters;
    private final Replay replay;
    private final ApiServer.Lanes lanes;

    DeadLetterRoutes(DeadLetterBox letters, Replay replay, ApiServer.Lanes lanes) {
        this.letters = letters;
        this.replay = replay;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.DEAD_LETTERS, Dispatcher.to(lanes.writing(), this::list));
        routes.get(Paths.DEAD_LETTER, Dispatcher.to(lanes.writing(), this::show));
        routes.post(Paths.DEAD_LETTER_REPLAY, Dispatcher.to(lanes.writing(), this::sendAgain));
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery("topic", "reason", "limit", "cursor");
        LetterFilter filter = new LetterFilter(
                Parameters.text(call, "topic"), Parameters.several(call, "reason", DeadLetterReason.class));
        LetterPage page = letters.list(filter, Parameters.limit(call, DEFAULT_LETTERS), before(call));
        ObjectNode body = JsonText.object();
        ArrayNode list = body.putArray("dead_letters");
        page.letters().forEach(letter -> list.add(summary(letter)));
        body.put("next", page.next().isPresent() ? "before-" + page.next().getAsLong() : null);
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private static OptionalLong before(Call call) {
        Optional<String> cursor = call.parameter("cursor");
        if (cursor.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!cursor.get().matches("before-[0-9]{1,18}")) {
            throw new ProblemException(
                    ProblemKind.INVALID_CURSOR,
                    "the cursor is not one that this service gave out; allowed is the \"next\" of an answer");
        }
        return OptionalLong.of(Long.parseLong(cursor.get().substring("before-".length())));
    }

    private CompletionStage<Answer> show(Call call) {
        call.allowQuery();
        FiledLetter filed = found(call);
        DeadLetter letter = filed.letter();
        ObjectNode body = summary(filed);
        body.set(
                "value",
                letters.original(letter).<JsonNode>map(EventJson::record).orElse(NullNode.getInstance()));
        body.put("key_base64", base64(letter.getKey()));
        body.put("value_base64", base64(letter.getValue()));
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private CompletionStage<Answer> sendAgain(Call call) {
        call.allowQuery();
        call.json();
        FiledLetter filed = found(call);
        return send(filed.letter())
                .thenApply(sent -> Answer.json(
                        202,
                        JsonText.object()
                                .put("id", filed.id())
                                .put("topic", sent.topic())
                                .put("partition", sent.partition())
                                .put("offset", sent.offset())
                                .put("run", sent.run().orElse(null))));
    }

    private CompletionStage<Replay.Sent> send(DeadLetter letter) {
        try {
            return replay.send(letter);
        } catch (NotReplayableException e) {
            throw new ProblemException(ProblemKind.NOT_REPLAYABLE, e.getMessage());
        }
    }

    private FiledLetter found(Call call) {
        String id = call.pathParameter("id");
        return letters.find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.UNKNOWN_DEAD_LETTER, "there is no dead letter \"" + id + "\""));
    }

    private ObjectNode summary(FiledLetter filed) {
        DeadLetter letter = filed.letter();
        ObjectNode body = JsonText.object()
                .put("id", filed.id())
                .put("topic", letter.getTopic())
                .put("partition", letter.getPartition())
                .put("offset", letter.getOffset())
                .put("reason", JsonText.lower(letter.getReason()))
                .put("message", letter.getMessage())
                .put("trigger", letter.getTrigger().orElse(null))
                .put("at", JsonText.moment(letter.getAt()))
                .put("key", letter.getKey().flatMap(DeadLetterRoutes::text).orElse(null))
                .put("value_bytes", letter.getValue().map(ByteBuffer::remaining).orElse(null))
                .put("replayable", replay.objection(letter).isEmpty());
        body.putObject("position")
                .put("topic", letters.topic())
                .put("partition", 0)
                .put("offset", filed.offset());
        return body;
    }

    private static Optional<String> text(ByteBuffer bytes) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(bytes.duplicate()).toString());
        } catch (CharacterCodingException notText) {
            // Then it is shown as base64 only.
            return Optional.empty();
        }
    }

    private static @Nullable String base64(Optional<ByteBuffer> bytes) {
        return bytes.map(buffer -> UTF_8.decode(Base64.getEncoder().encode(buffer.duplicate()))
                        .toString())
                .orElse(null);
    }
}

package io.millrace.coordinator.query;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.coordinator.query.BinaryWalk.DamagedValueException;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Reads outlines out of the bytes of events, and sees that the rest is whole, without making an object of it: decoding an event and
 * encoding it again took most of what the history cost.
 *
 * <p><b>Threading.</b> Not thread-safe.
 */
final class OutlineReader {
    private static final RunEventType[] TYPES = RunEventType.values();

    private final BinaryWalk walk = new BinaryWalk();
    private final BinaryWalk.Step[] steps;
    private int type;
    private int runEnd;
    private int runBytes;
    private int pipelineEnd;
    private int pipelineBytes;
    private long sequence;
    private long atMillis;

    OutlineReader() {
        List<Schema.Field> fields = RunEvent.getClassSchema().getFields();
        steps = fields.stream().map(this::step).toArray(BinaryWalk.Step[]::new);
    }

    private BinaryWalk.Step step(Schema.Field field) {
        return switch (field.name()) {
            case "type" -> walked -> type = walked.readIndex(TYPES.length);
            case "run_id" ->
                walked -> {
                    runBytes = walked.readLength();
                    runEnd = walked.position();
                };
            case "pipeline" ->
                walked -> {
                    pipelineBytes = walked.readLength();
                    pipelineEnd = walked.position();
                };
            case "sequence" -> walked -> sequence = walked.readLong();
            case "at" -> walked -> atMillis = walked.readLong();
            default -> BinaryWalk.step(field.schema());
        };
    }

    /**
     * The outline of an event of our own schema's layout, which is all that follows in the bytes; empty when it is damaged, or an
     * id of its run or pipeline is not plain ASCII, as ours are.
     */
    Optional<EventOutline> read(byte[] bytes, int from) {
        walk.begin(bytes, from);
        try {
            for (BinaryWalk.Step step : steps) {
                step.over(walk);
            }
        } catch (DamagedValueException e) {
            return Optional.empty();
        }
        if (!walk.isAtEnd() || !isAscii(bytes, runEnd, runBytes) || !isAscii(bytes, pipelineEnd, pipelineBytes)) {
            return Optional.empty();
        }
        String run = new String(bytes, runEnd - runBytes, runBytes, US_ASCII);
        return Optional.of(new EventOutline(TYPES[type], run, pipelineBytes, sequence, atMillis));
    }

    /** A text that is no UTF-8 would be another one when it is decoded, and keys are made of both. */
    private static boolean isAscii(byte[] bytes, int end, int length) {
        for (int i = end - length; i < end; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }
}

package io.millrace.engine;

import io.millrace.pipeline.PipelineId;

/**
 * The identity of a backfill, derived from its pipeline and a key of the sender's own choice: a repeat has the same id, and is the same backfill.
 *
 * @param value 26 characters, formed as those of a {@link RunId}
 */
public record BackfillId(String value) {
    /** Checks the form. @throws IllegalArgumentException when it is not an id that this class derives */
    public BackfillId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not the id of a backfill: '" + value + "'");
        }
    }

    /** Says whether a text has the form of the id of a backfill. */
    public static boolean isValid(String text) {
        return DerivedId.isValid(text);
    }

    /** That of a pipeline which a sender identified by a key of its own choice. */
    public static BackfillId ofKey(PipelineId pipeline, String idempotencyKey) {
        return new BackfillId(DerivedId.of("backfill", pipeline.value(), idempotencyKey));
    }

    @Override
    public String toString() {
        return value;
    }
}

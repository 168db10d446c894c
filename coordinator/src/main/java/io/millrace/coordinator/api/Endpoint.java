package io.millrace.coordinator.api;

import java.util.concurrent.CompletionStage;

/**
 * Answers one kind of request.
 *
 * <p><b>Threading.</b> Called by many threads at a time, none of which is an event loop.
 */
@FunctionalInterface
interface Endpoint {
    /** What it throws, and what its stage fails with, {@link Problems} turns into an answer. */
    CompletionStage<Answer> answer(Call call);
}

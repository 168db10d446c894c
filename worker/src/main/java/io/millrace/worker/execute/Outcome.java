package io.millrace.worker.execute;

/** How an execution ended. */
public sealed interface Outcome {
    /**
     * It did what it should.
     *
     * @param output a JSON object, at most 256 KiB in UTF-8
     */
    record Succeeded(String output) implements Outcome {}

    /**
     * It did not.
     *
     * @param failure why
     */
    record Failed(Failure failure) implements Outcome {}

    /**
     * It was stopped before it had an outcome of its own.
     *
     * @param request who asked, and why
     */
    record Stopped(StopSignal.Request request) implements Outcome {}
}

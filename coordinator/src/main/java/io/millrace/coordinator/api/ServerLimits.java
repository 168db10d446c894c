package io.millrace.coordinator.api;

import java.time.Duration;

/** What a request must not exceed. docs/http-api.md tells them. */
final class ServerLimits {
    static final int MAX_REQUEST_LINE_BYTES = 8 << 10;
    static final int MAX_HEADER_BYTES = 16 << 10;
    static final long MAX_BODY_BYTES = 1 << 20;
    /** The files of a pipeline may have 768 KiB, and are sent in base64. */
    static final long MAX_PIPELINE_BODY_BYTES = 2 << 20;
    /** From the first header byte of a connection, and then of a body, to its end. */
    static final Duration MAX_ARRIVAL = Duration.ofSeconds(30);
    /** How long a connection may be silent, between requests or while it takes an answer. */
    static final Duration MAX_SILENCE = Duration.ofSeconds(60);
    /** How long an answer waits for what was asked of it: less than the silence that is allowed. */
    static final Duration MAX_WAIT = Duration.ofSeconds(50);
    /** How long a request may take to be answered once it has arrived. */
    static final Duration MAX_ANSWER = Duration.ofSeconds(100);

    private ServerLimits() {}
}

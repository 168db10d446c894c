package io.millrace.coordinator.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it arrived.
 *
 * @param headers by name in lower case; the values of each name in order
 * @param body its bytes, which signatures cover exactly as they are; nobody changes them
 * @param at when it came
 */
@SuppressWarnings("ArrayRecordComponent") // Read once; requests are never compared.
public record ArrivedRequest(Map<String, List<String>> headers, byte[] body, Instant at) {
    /** A header that is there exactly once and says something; two that differ must not be played against each other. */
    public Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.size() == 1 ? Optional.of(values.get(0)).filter(value -> !value.isBlank()) : Optional.empty();
    }
}

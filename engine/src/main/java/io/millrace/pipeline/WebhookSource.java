package io.millrace.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Requests of HTTP that others send.
 *
 * @param from who sends them
 * @param secrets the names of the coordinator's secrets, one of which each request must be signed with; none when unsigned requests are taken on purpose
 * @param tolerance how far the time in a signature may be from the time of arrival
 * @param delivery what tells one delivery from another, where that is not what the sender says
 */
public record WebhookSource(WebhookSender from, List<String> secrets, Duration tolerance, Optional<EventKey> delivery)
        implements TriggerSource {
    /** The tolerance unless a file says another. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Copies the list. */
    public WebhookSource {
        secrets = List.copyOf(secrets);
    }

    /** Whether requests must be signed. */
    public boolean isSigned() {
        return !secrets.isEmpty();
    }

    @Override
    public String kind() {
        return "webhook";
    }
}

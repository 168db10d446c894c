package io.millrace.coordinator.api;

import java.util.List;
import java.util.Optional;

/**
 * Where the messages of one live stream come from. It remembers how far it has got.
 *
 * <p><b>Threading.</b> Called by one thread at a time, none of which is an event loop.
 */
interface LiveSource {
    /** The next messages; it may block for a moment, and does not wait for any to come. */
    Part next();

    /**
     * What comes next.
     *
     * @param messages in their order; perhaps none
     * @param more whether it is worth asking again at once
     * @param ended whether nothing will ever follow
     */
    record Part(List<Message> messages, boolean more, boolean ended) {}

    /**
     * One server-sent event.
     *
     * @param id what a client that lost its connection goes on after
     * @param event its type; empty for the usual one
     * @param data one line
     */
    record Message(String id, Optional<String> event, String data) {
        /** As the HTML standard writes it, which is where server-sent events are defined. */
        String text() {
            return "id: " + id + "\n"
                    + event.map(type -> "event: " + type + "\n").orElse("") + "data: " + data + "\n\n";
        }
    }
}

package io.millrace.coordinator.query;

/**
 * What a local history was filled from. A topic that was deleted and created again has the old name and another id, and
 * its offsets mean other events.
 *
 * @param topic the name of the topic
 * @param topicId Kafka's id of it
 */
record HistoryIdentity(String topic, String topicId) {
    /** Grows when the layout of the database changes; older ones are rebuilt from the topic then. */
    private static final int LAYOUT = 3;

    String text() {
        return "layout " + LAYOUT + ", topic " + topic + ", id " + topicId;
    }
}

package io.millrace.pipeline;

/**
 * A topic of the user's that the pipeline listens to.
 *
 * @param topic its name
 */
public record KafkaSource(String topic) implements TriggerSource {
    @Override
    public String kind() {
        return "kafka";
    }
}

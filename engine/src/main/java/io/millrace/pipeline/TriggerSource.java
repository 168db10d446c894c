package io.millrace.pipeline;

/** What makes a trigger start runs. */
public sealed interface TriggerSource permits ScheduleSource, WebhookSource, KafkaSource, UpstreamSource, FilesSource {
    /** The key that it has in a file. */
    String kind();
}

package io.millrace.cli.client;

import io.millrace.audit.reading.AuditProgress;
import io.millrace.audit.reading.LogAudit;
import io.millrace.audit.reading.RunLog;
import io.millrace.event.RunEvent;
import io.millrace.event.TaskLog;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;

/**
 * The topics of a platform, to be read directly: the audit log and the logs of tasks.
 *
 * <p><em>Threading</em>: may be used by several threads; the readers that it gives may not.
 */
public final class TopicsAccess implements AutoCloseable {
    private final KafkaAccess access;
    private final Topics topics;
    private final SchemaRegistryClient registry;
    private final WireFormat wire;

    /** Access to the topics with the prefix that it names. It connects at the first read. */
    public TopicsAccess(KafkaAccess access) {
        this.access = access;
        this.topics = Topics.withPrefix(access.topicPrefix());
        this.registry = new SchemaRegistryClient(access.registryUrl());
        this.wire = new WireFormat(registry);
    }

    /** A reader of the audit log. */
    public TopicReader<RunEvent> runEvents() {
        return new TopicReader<>(access, wire, topics.runEvents());
    }

    /** A reader of what tasks wrote to standard output and standard error. */
    public TopicReader<TaskLog> taskLogs() {
        return new TopicReader<>(access, wire, topics.taskLogs());
    }

    /** An audit of all topics. */
    public LogAudit audit(AuditProgress progress) {
        return new LogAudit(access, wire, progress);
    }

    /** A reader of single runs from the audit log. */
    public RunLog runLog(AuditProgress progress) {
        return new RunLog(access, wire, progress);
    }

    @Override
    public void close() {
        registry.close();
    }
}

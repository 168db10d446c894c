package io.millrace.cli.local;

import io.millrace.schemas.QueueName;
import io.millrace.worker.http.HttpProxy;
import io.millrace.worker.sql.SqlSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where the local platform keeps its data and listens, and how much it does at a time.
 *
 * @param data the directory of all its data; created when missing
 * @param kafkaPort 0 for a free one, and the same again at the next start on these data; so the other ports
 * @param queues the queues that its worker serves
 * @param slots how many tasks its worker executes at a time, from 1
 * @param grace how long tasks may go on when it is closed; the rest is given back and handed out at the next start
 * @param sql the databases that tasks may use
 * @param proxy the proxy by which tasks call servers; empty to call them directly
 * @param schedules whether the schedules of pipelines are acted on, topics listened to and directories watched
 */
public record LocalPlatformConfig(
        Path data,
        int kafkaPort,
        int registryPort,
        int apiPort,
        Set<QueueName> queues,
        int slots,
        Duration grace,
        SqlSources sql,
        Optional<HttpProxy> proxy,
        boolean schedules) {
    /** Copies the queues. */
    public LocalPlatformConfig {
        queues = Set.copyOf(queues);
    }

    /** A platform on free ports that executes what it is asked to, and nothing by itself. */
    public static LocalPlatformConfig onFreePorts(Path data, Set<QueueName> queues) {
        return new LocalPlatformConfig(
                data,
                0,
                0,
                0,
                queues,
                standardSlots(),
                Duration.ofSeconds(1),
                SqlSources.NONE,
                Optional.empty(),
                false);
    }

    /** The same, which also acts on schedules, listens to topics and watches directories. */
    public LocalPlatformConfig actingOnTriggers() {
        return new LocalPlatformConfig(data, kafkaPort, registryPort, apiPort, queues, slots, grace, sql, proxy, true);
    }

    /** The same with other databases. */
    public LocalPlatformConfig withSql(SqlSources value) {
        return new LocalPlatformConfig(
                data, kafkaPort, registryPort, apiPort, queues, slots, grace, value, proxy, schedules);
    }

    /** The same with another proxy. */
    public LocalPlatformConfig withProxy(Optional<HttpProxy> value) {
        return new LocalPlatformConfig(
                data, kafkaPort, registryPort, apiPort, queues, slots, grace, sql, value, schedules);
    }

    /** As many tasks at a time as there are processors, but at least four: most tasks wait more than they compute. */
    public static int standardSlots() {
        return Math.max(4, Runtime.getRuntime().availableProcessors());
    }
}

package io.millrace.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** How the one node is set: everything Kafka would otherwise size for a rack of machines, sized for a laptop. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CLIENTS = "PLAINTEXT";
    static final String CONTROLLER = "CONTROLLER";

    private BrokerSettings() {}

    static Map<String, String> of(Path logDirectory, int clientPort, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        node(settings, logDirectory, clientPort, controllerPort);
        internalTopics(settings);
        groups(settings);
        sizes(settings);
        return settings;
    }

    private static void node(Map<String, String> settings, Path logDirectory, int clientPort, int controllerPort) {
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@" + BoundPorts.HOST + ":" + controllerPort);
        settings.put(
                "listeners",
                CLIENTS + "://" + BoundPorts.HOST + ":" + clientPort + "," + CONTROLLER + "://" + BoundPorts.HOST + ":"
                        + controllerPort);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("inter.broker.listener.name", CLIENTS);
        settings.put("listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        settings.put("log.dirs", logDirectory.toString());
        settings.put("auto.create.topics.enable", "false");
        if (wasKilled(logDirectory)) {
            // The controller takes its own former self for alive and refuses it this long: Kafka's 9 s are long to
            // wait.
            // Only then, since with so short a session a process that gets no CPU for a while fences itself.
            settings.put("broker.session.timeout.ms", "4000");
            settings.put("broker.heartbeat.interval.ms", "500");
        }
        // No record is written while nothing happens: an idle laptop's disk sleeps.
        settings.put("metadata.max.idle.interval.ms", "0");
    }

    private static boolean wasKilled(Path logDirectory) {
        return Files.exists(logDirectory.resolve("__cluster_metadata-0"))
                && Files.notExists(logDirectory.resolve(".kafka_cleanshutdown"));
    }

    private static void internalTopics(Map<String, String> settings) {
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        // Longer than any topic keeps its records: a group that stood still for a while must not begin anew.
        settings.put(
                "offsets.retention.minutes", Long.toString(Duration.ofDays(365).toMinutes()));
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        // A transaction left by a dead client holds read_committed readers back: look for them every 2 s, not every 10.
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000");
    }

    /** Members are missed and replaced within seconds: there is one machine, and a person is watching. */
    private static void groups(Map<String, String> settings) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        for (String protocol : new String[] {"consumer", "streams"}) {
            settings.put("group." + protocol + ".min.heartbeat.interval.ms", "100");
            settings.put("group." + protocol + ".heartbeat.interval.ms", "300");
            settings.put("group." + protocol + ".min.session.timeout.ms", "1000");
            settings.put("group." + protocol + ".session.timeout.ms", "6000");
        }
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
    }

    private static void sizes(Map<String, String> settings) {
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("group.coordinator.threads", "2");
        settings.put("share.coordinator.threads", "1");
        // 4 MiB is room for 170,000 keys a pass; Kafka's own default of 128 MiB would be half of this process.
        settings.put("log.cleaner.enable", "true");
        settings.put("log.cleaner.threads", "1");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("log.cleaner.io.buffer.size", Integer.toString(256 << 10));
        // Index files are allocated whole: 2 MiB serves segments of up to 680 MiB, 10 MiB would only fill the disk.
        settings.put("log.index.size.max.bytes", Integer.toString(2 << 20));
    }
}

package io.millrace.coordinator;

import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import io.millrace.schemas.secret.SecretProvider;
import io.millrace.schemas.secret.SecretProviders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * All that a coordinator can be told.
 *
 * @param kafka how the cluster and the registry are reached
 * @param instanceId tells this coordinator from others; stable across its restarts
 * @param apiHost the address that the HTTP API listens at
 * @param apiPort its port; 0 takes a free one
 * @param stateDirectory where local state lies; belongs to this coordinator alone. It may be lost: it is rebuilt from Kafka
 * @param lease how long a claim outlives its worker's last heartbeat
 * @param partitions how many partitions spread topics are created with, at least 1
 * @param replicationFactor how many replicas topics are created with, at least 1
 * @param standbys how many other coordinators keep a copy of this one's state, at least 0
 * @param threads how many threads decide about runs, at least 1; each has partitions of its own
 * @param historyRetention how long the API shows a run after its end
 * @param dedupeRetention how long after its end a run is found by a repeated trigger
 * @param schedules whether the schedules of pipelines are acted on, and topics listened to; without, what is due waits for a coordinator with it
 * @param secrets where the values of the secrets of webhooks are found, asked in this order
 */
public record CoordinatorConfig(
        KafkaAccess kafka,
        String instanceId,
        String apiHost,
        int apiPort,
        Path stateDirectory,
        Duration lease,
        int partitions,
        short replicationFactor,
        int standbys,
        int threads,
        Duration historyRetention,
        Duration dedupeRetention,
        boolean schedules,
        List<SecretProvider> secrets) {
    /** With as many, what Kafka does for them takes the rest of a machine. */
    private static final int MOST_THREADS_UNASKED = 4;

    private static final Pattern INSTANCE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}");
    private static final String INSTANCE_RULE =
            "it must start with a letter or digit, then up to 99 letters, digits, dots, underscores and hyphens";

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a value is out of its range; it names the value and what is allowed
     */
    public CoordinatorConfig {
        secrets = List.copyOf(secrets);
        require(INSTANCE.matcher(instanceId).matches(), "instanceId '" + instanceId + "': " + INSTANCE_RULE);
        require(apiPort >= 0 && apiPort <= 65_535, "apiPort " + apiPort + ": it must be from 0 to 65535");
        require(lease.toMillis() >= 100, "lease " + lease + ": it must be at least 100 ms");
        require(partitions >= 1, "partitions " + partitions + ": there must be at least 1");
        require(replicationFactor >= 1, "replicationFactor " + replicationFactor + ": it must be at least 1");
        require(standbys >= 0, "standbys " + standbys + ": it must not be negative");
        require(threads >= 1, "threads " + threads + ": there must be at least 1");
        require(historyRetention.toMillis() > 0, "historyRetention " + historyRetention + ": it must be positive");
        require(dedupeRetention.toMillis() > 0, "dedupeRetention " + dedupeRetention + ": it must be positive");
    }

    /**
     * Reads the settings {@code instance.id}, {@code api.host}, {@code api.port}, {@code state.directory}, {@code lease},
     * {@code partitions}, {@code replication.factor}, {@code standbys}, {@code threads}, {@code history.retention},
     * {@code dedupe.retention}, {@code coordinator.secrets.provider}, and those of {@link KafkaAccess#read}.
     *
     * @throws io.millrace.schemas.config.SettingsException when there are mistakes; it tells all of them
     */
    public static CoordinatorConfig read(Settings settings) {
        KafkaAccess kafka = KafkaAccess.read(settings);
        String instanceId =
                settings.string("instance.id", INSTANCE, INSTANCE_RULE).or(hostName());
        String apiHost = settings.string("api.host").or("127.0.0.1");
        int apiPort = settings.integer("api.port", 0, 65_535).or(7070);
        Path stateDirectory = settings.path("state.directory").or(Path.of(".millrace", "coordinator"));
        Duration lease = settings.duration("lease", Duration.ofSeconds(2), Duration.ofHours(1))
                .or(Duration.ofSeconds(15));
        int partitions = settings.integer("partitions", 1, 1_000).or(Topics.CLUSTER_PARTITIONS);
        int replicationFactor = settings.integer("replication.factor", 1, 15).or(3);
        int standbys = settings.integer("standbys", 0, 10).or(1);
        int threads = settings.integer("threads", 1, 64)
                .or(Math.min(MOST_THREADS_UNASKED, Runtime.getRuntime().availableProcessors()));
        Duration historyRetention = settings.duration(
                        "history.retention", Duration.ofMinutes(1), Duration.ofDays(3_650))
                .or(Duration.ofDays(30));
        Duration dedupeRetention = settings.duration("dedupe.retention", Duration.ofMinutes(1), Duration.ofDays(3_650))
                .or(Duration.ofDays(7));
        List<SecretProvider> standardSecrets = SecretProviders.read(SecretProviders.STANDARD);
        List<SecretProvider> secrets = settings.value(
                        "coordinator.secrets.provider", standardSecrets, SecretProviders::read)
                .or(standardSecrets);
        settings.check();
        return new CoordinatorConfig(
                kafka,
                instanceId,
                apiHost,
                apiPort,
                stateDirectory,
                lease,
                partitions,
                (short) replicationFactor,
                standbys,
                threads,
                historyRetention,
                dedupeRetention,
                true,
                secrets);
    }

    /** The name that operators know this machine by; with one coordinator a machine nothing has to be set. */
    private static String hostName() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = "coordinator";
        }
        String usable = name.replaceAll("[^a-zA-Z0-9._-]", "-");
        return INSTANCE.matcher(usable).matches() ? usable : "coordinator";
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

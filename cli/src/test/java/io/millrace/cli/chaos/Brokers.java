package io.millrace.cli.chaos;

import io.millrace.cli.endtoend.BrokerMain;
import io.millrace.cli.endtoend.MillraceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/** The settings of three Kafka nodes that are brokers and controllers at once; every topic has three replicas, two in sync. */
final class Brokers {
    static final int COUNT = 3;

    private static final int LOWEST_PORT = 20_000;
    private static final int PORTS = 10_000;

    private final Path directory;
    private final String secondHost;
    private final String cluster = Uuid.randomUuid().toString();
    private final List<Integer> ports = freePorts(3 * COUNT);

    /** @param secondHost a further address at which they are reached, or empty */
    Brokers(Path directory, String secondHost) {
        this.directory = directory;
        this.secondHost = secondHost;
    }

    String bootstrapServers() {
        return addresses("127.0.0.1", COUNT);
    }

    /** Where those reach them that are on another network. */
    String secondBootstrapServers() {
        return addresses(secondHost, 2 * COUNT);
    }

    private String addresses(String host, int from) {
        return IntStream.range(0, COUNT)
                .mapToObj(i -> host + ":" + ports.get(from + i))
                .collect(Collectors.joining(","));
    }

    /** Starts a node for the first time or again. @param number from 1 */
    MillraceProcess start(int number) {
        Path settings = directory.resolve("broker-" + number + ".properties");
        try (var writer = Files.newBufferedWriter(settings)) {
            settings(number).store(writer, "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return MillraceProcess.java(List.of("-Xmx384m"), BrokerMain.class.getName(), cluster, settings.toString());
    }

    private Properties settings(int number) {
        Properties settings = new Properties();
        int controller = ports.get(number - 1);
        List<String> listeners = new ArrayList<>(List.of(
                "PLAINTEXT://127.0.0.1:" + ports.get(COUNT + number - 1), "CONTROLLER://127.0.0.1:" + controller));
        if (!secondHost.isEmpty()) {
            listeners.add("SECOND://" + secondHost + ":" + ports.get(2 * COUNT + number - 1));
        }
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(number));
        settings.put(
                "controller.quorum.voters",
                IntStream.rangeClosed(1, COUNT)
                        .mapToObj(i -> i + "@127.0.0.1:" + ports.get(i - 1))
                        .collect(Collectors.joining(",")));
        settings.put("listeners", String.join(",", listeners));
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECOND:PLAINTEXT");
        settings.put("log.dirs", directory.resolve("broker-" + number).toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "3");
        settings.put("min.insync.replicas", "2");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(internal + ".replication.factor", "3");
            settings.put(internal + ".num.partitions", "3");
        }
        settings.put("transaction.state.log.min.isr", "2");
        settings.put("share.coordinator.state.topic.min.isr", "2");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(2 << 20));
        settings.put("replica.lag.time.max.ms", "10000");
        return settings;
    }

    /** Below the range of which outgoing connections take their ports: a broker that was killed must find its own again. */
    private static List<Integer> freePorts(int count) {
        List<Integer> ports = new ArrayList<>();
        Random random = new Random();
        while (ports.size() < count) {
            int port = LOWEST_PORT + random.nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (!ports.contains(port)) {
                    ports.add(socket.getLocalPort());
                }
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        return ports;
    }
}

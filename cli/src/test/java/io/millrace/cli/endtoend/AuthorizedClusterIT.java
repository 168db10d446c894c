package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.config.KafkaAccess;
import io.millrace.worker.trigger.TriggerClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rights that docs/operations.md names are enough, on a cluster that asks everybody for a password and allows nothing else. */
class AuthorizedClusterIT {
    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final Pattern RIGHT = Pattern.compile(
            "\\| ([a-z ]+) \\| (?:the )?(topic|group|transactional id)s?( that begin with)? `([^`]+)` \\| ([a-z, ]+) \\|");

    private final Deque<MillraceProcess> processes = new ArrayDeque<>();

    @TempDir
    private Path directory;

    /** One line of the page. */
    private record Right(String who, String kind, boolean prefix, String name, List<String> operations) {
        Stream<AclBinding> bindings(String user) {
            ResourceType type =
                    ResourceType.valueOf(kind.toUpperCase(Locale.ROOT).replace(' ', '_'));
            ResourcePattern pattern =
                    new ResourcePattern(type, name, prefix ? PatternType.PREFIXED : PatternType.LITERAL);
            return operations.stream()
                    .map(operation -> new AclBinding(
                            pattern,
                            new AccessControlEntry(
                                    "User:" + user,
                                    "*",
                                    AclOperation.valueOf(operation.toUpperCase(Locale.ROOT)),
                                    AclPermissionType.ALLOW)));
        }
    }

    @AfterEach
    void end() {
        processes.forEach(MillraceProcess::close);
    }

    @Test
    void theRightsOfThePageAreEnough() throws Exception {
        int[] ports = freePorts();
        started(MillraceProcess.java(
                        List.of("-Xmx384m"),
                        BrokerMain.class.getName(),
                        Uuid.randomUuid().toString(),
                        brokerSettings(ports).toString()))
                .awaitLine(BrokerMain.READY::equals);
        String bootstrap = "127.0.0.1:" + ports[1];
        allow(bootstrap);
        String registry = started(
                        MillraceProcess.start("registry", "--bootstrap", "127.0.0.1:" + ports[2], "--port", "0"))
                .awaitLine(line -> line.startsWith("registry ready: "))
                .substring("registry ready: ".length());
        List<String> cluster = List.of("--bootstrap", bootstrap, "--registry", registry);
        MillraceProcess coordinator = started(process(
                cluster,
                "coordinator",
                "coordinator",
                "--api-port",
                "0",
                "--state",
                directory.resolve("state").toString(),
                "--set",
                "lease=3s",
                "--set",
                "partitions=2",
                "--set",
                "replication.factor=1"));
        URI url = Cluster.url(coordinator);
        MillraceProcess victim = worker(cluster, "victim");
        worker(cluster, "other");

        Path hello =
                Files.writeString(directory.resolve("hello.yaml"), "id: hello\ntasks: [{id: greet, shell: echo}]\n");
        Cli.at(url, "apply", hello.toString()).ended(0);
        Cli.at(url, "trigger", "hello", "--wait").ended(0);
        victim.kill9();
        for (int i = 0; i < 4; i++) {
            Cli.at(url, "trigger", "hello", "--wait").ended(0);
        }

        Until.holds(
                "the dead worker is taken from its group",
                () -> coordinator.err().contains("Worker victim is lost: its partitions go to others"));
        KafkaAccess service = new KafkaAccess(bootstrap, URI.create(registry), "millrace.", login("service"));
        try (TriggerClient client = TriggerClient.connect(service)) {
            client.trigger("hello").key("of-a-service").send().join();
        }
        Until.holds(
                "the run of the service has succeeded",
                () -> Cli.at(url, "runs", "--key", "of-a-service", "--status", "succeeded", "-o", "json")
                        .ended(0)
                        .out()
                        .contains("\"hello\""));
        MillraceProcess audit = started(process(cluster, "reader", "audit", "verify"));
        assertThat(audit.awaitExit()).as("%s", audit).isZero();
        assertThat(processes.stream().map(MillraceProcess::err))
                .noneMatch(text -> text.contains("AuthorizationException") || text.contains("Not authorized"));
    }

    private MillraceProcess worker(List<String> cluster, String id) throws IOException {
        MillraceProcess worker = started(process(
                cluster,
                "worker",
                "worker",
                "--id",
                id,
                "--set",
                "replication.factor=1",
                "--set",
                "worker.heartbeat=500ms",
                "--set",
                "worker.directory=" + directory.resolve(id)));
        worker.awaitLine(line -> line.equals("worker ready: " + id));
        return worker;
    }

    /** A command as this user, whose password is in a file of settings. */
    private MillraceProcess process(List<String> cluster, String user, String... arguments) throws IOException {
        Path settings = directory.resolve(user + ".properties");
        StringBuilder text = new StringBuilder();
        login(user)
                .forEach((key, value) -> text.append("millrace.kafka.client.")
                        .append(key)
                        .append('=')
                        .append(value)
                        .append('\n'));
        Files.writeString(settings, text);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(cluster);
        all.addAll(List.of("--config", settings.toString()));
        return MillraceProcess.start(all.toArray(String[]::new));
    }

    private MillraceProcess started(MillraceProcess process) {
        processes.push(process);
        return process;
    }

    private static Map<String, String> login(String user) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                        + "\" password=\"of-" + user + "\";");
    }

    /** Gives the users the rights of the page: the test is named by who they are there. */
    private static void allow(String bootstrap) throws IOException, InterruptedException, ExecutionException {
        Map<String, String> users = Map.of(
                "coordinator", "coordinator",
                "worker", "worker",
                "services that start runs", "service",
                "verbs that read topics", "reader");
        List<Right> rights = rights();
        assertThat(rights.stream().map(Right::who).distinct()).containsExactlyInAnyOrderElementsOf(users.keySet());
        KafkaAccess admin = new KafkaAccess(bootstrap, URI.create("http://127.0.0.1:1"), "millrace.", login("admin"));
        try (Admin client = Admin.create(admin.adminProperties())) {
            client.createAcls(rights.stream()
                            .flatMap(right -> right.bindings(users.get(right.who)))
                            .toList())
                    .all()
                    .get();
        }
    }

    private static List<Right> rights() throws IOException {
        List<Right> rights = new ArrayList<>();
        Matcher matcher = RIGHT.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            rights.add(new Right(
                    matcher.group(1),
                    matcher.group(2),
                    matcher.group(3) != null,
                    matcher.group(4),
                    List.of(matcher.group(5).split(", "))));
        }
        return rights;
    }

    private Path brokerSettings(int[] ports) throws IOException {
        StringBuilder users = new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required");
        for (String user : List.of("admin", "coordinator", "worker", "service", "reader")) {
            users.append(" user_").append(user).append("=\"of-").append(user).append('"');
        }
        Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + ports[0]);
        settings.put(
                "listeners",
                "CONTROLLER://127.0.0.1:" + ports[0] + ",CLIENTS://127.0.0.1:" + ports[1] + ",OWN://127.0.0.1:"
                        + ports[2]);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "OWN");
        settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,CLIENTS:SASL_PLAINTEXT,OWN:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("listener.name.clients.plain.sasl.jaas.config", users + ";");
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // The broker itself, and the registry, which knows no passwords.
        settings.put("super.users", "User:admin;User:ANONYMOUS");
        settings.put("log.dirs", directory.resolve("broker").toString());
        settings.put("auto.create.topics.enable", "false");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(internal + ".replication.factor", "1");
            settings.put(internal + ".num.partitions", "2");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        Path file = directory.resolve("broker.properties");
        try (var writer = Files.newBufferedWriter(file)) {
            settings.store(writer, "");
        }
        return file;
    }

    private static int[] freePorts() throws IOException {
        int[] ports = new int[3];
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < ports.length; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports[i] = socket.getLocalPort();
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }
}

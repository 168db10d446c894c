package io.millrace.worker.execute;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of PostgreSQL from the machine's own programs, on 127.0.0.1; it refuses to run as root, and so runs as its own user there. */
final class TestingPostgres implements AutoCloseable {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path programs;
    private final String home;
    private final int port;

    private TestingPostgres(Path programs, String home, int port) {
        this.programs = programs;
        this.home = home;
        this.port = port;
    }

    /** Where the programs are; empty on a machine without them. */
    static Optional<Path> programs() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.list(versions)) {
            return found.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .findFirst();
        }
    }

    static TestingPostgres start(Path programs) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String home =
                run(List.of("mktemp", "-d", "/tmp/millrace-postgres-XXXXXX")).strip();
        TestingPostgres server = new TestingPostgres(programs, home, port);
        run(List.of(server.program("initdb"), "-D", home + "/data", "-A", "trust", "-U", "millrace", "-N"));
        run(List.of(
                server.program("pg_ctl"),
                "-D",
                home + "/data",
                "-w",
                "-l",
                home + "/log",
                "-o",
                "-c listen_addresses=127.0.0.1 -c port=" + port + " -c unix_socket_directories=" + home
                        + " -c fsync=off",
                "start"));
        return server;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=millrace";
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run(List.of(program("pg_ctl"), "-D", home + "/data", "-m", "immediate", "-w", "stop"));
        run(List.of("rm", "-rf", home));
    }

    private String program(String name) {
        return programs.resolve(name).toString();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(ROOT ? List.of("runuser", "-u", "postgres", "--") : List.of());
        words.addAll(command);
        Path said = Files.createTempFile("postgres", ".log");
        Process process = new ProcessBuilder(words)
                .directory(Path.of("/tmp").toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(words + " failed: " + Files.readString(said));
        }
        try (InputStream text = Files.newInputStream(said)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            Files.delete(said);
        }
    }
}

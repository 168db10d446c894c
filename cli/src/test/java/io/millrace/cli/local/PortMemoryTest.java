package io.millrace.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortMemoryTest {
    @TempDir
    private Path directory;

    @Test
    void givesWhoAsksForAnyPortTheSameAgain() throws IOException {
        int port = free();

        assertThat(PortMemory.of(directory).choose("kafka", 0))
                .isNotEqualTo(port)
                .isBetween(15_000, 32_000);
        PortMemory.of(directory).remember("kafka", port);

        assertThat(PortMemory.of(directory).choose("kafka", 0)).isEqualTo(port);
        assertThat(PortMemory.of(directory).choose("registry", 0)).isBetween(15_000, 32_000);
        assertThat(PortMemory.of(directory).choose("kafka", 9092)).isEqualTo(9092);
    }

    @Test
    void forgetsAPortThatSomebodyElseHasTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PortMemory.of(directory).remember("kafka", taken.getLocalPort());

            assertThat(PortMemory.of(directory).choose("kafka", 0)).isNotEqualTo(taken.getLocalPort());
            assertThatThrownBy(() -> Ports.requireFree(taken.getLocalPort(), "Kafka", "--kafka-port"))
                    .isInstanceOf(PlatformStartException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " for Kafka is in use")
                    .hasMessageContaining("--kafka-port");
        }
    }

    @Test
    void removesATemporaryDirectoryWithAllThatIsInIt() throws IOException {
        Path path;
        try (TemporaryDirectory temporary = TemporaryDirectory.create()) {
            path = temporary.path();
            Files.writeString(Files.createDirectories(path.resolve("a/b")).resolve("c"), "x");
        }

        assertThat(path).doesNotExist();
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

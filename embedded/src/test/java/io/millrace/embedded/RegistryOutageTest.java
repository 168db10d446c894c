package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("any-jdk")
class RegistryOutageTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void answersWhatItKnowsWhileKafkaIsAwayAndTakesSchemasAgainAfterwards() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), "127.0.0.1", 0)) {
            assertThat(register(registry.url(), "int").body()).isEqualTo("{\"id\":1}");
            kafka.close();
            assertThat(get(registry.url(), "/schemas/ids/1").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = register(registry.url(), "long");
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(new ObjectMapper()
                            .readTree(refused.body())
                            .path("error_code")
                            .asInt())
                    .isBetween(50001, 50002);
            kafka = EmbeddedKafka.start(directory, kafka.port());
            assertThat(registerPatiently(registry.url(), "string")).matches("\\{\"id\":[23]\\}");
            assertThat(register(registry.url(), "int").body()).isEqualTo("{\"id\":1}");
        } finally {
            kafka.close();
        }
    }

    @Test
    void saysThatKafkaIsAwayAtTheStart() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nobody = free.getLocalPort();
        }
        assertThatThrownBy(() -> EmbeddedRegistry.start("127.0.0.1:" + nobody, "127.0.0.1", 0))
                .isInstanceOf(EmbeddedStartException.class)
                .hasMessage("Kafka does not answer at 127.0.0.1:" + nobody);
        assertThatThrownBy(() -> EmbeddedRegistry.start("no such address", "127.0.0.1", 0))
                .isInstanceOf(EmbeddedStartException.class)
                .hasMessageContaining("no such address");
    }

    private String registerPatiently(URI url, String type) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        HttpResponse<String> answer = register(url, type);
        while (answer.statusCode() == 500 && System.nanoTime() < deadline) {
            answer = register(url, type);
        }
        return answer.body();
    }

    private HttpResponse<String> register(URI url, String type) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/subjects/" + type + "/versions"))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"schema\":\"\\\"" + type + "\\\"\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(URI url, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

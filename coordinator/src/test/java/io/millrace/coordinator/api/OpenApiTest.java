package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The description and the routes are the same; that answers are as described is checked wherever a test asks for one. */
@Timeout(180)
class OpenApiTest {
    @Test
    void everyRouteIsDescribedAndNothingElseIs() throws Exception {
        try (TestingApi api = TestingApi.start()) {
            Set<String> served = new TreeSet<>();
            api.server
                    .routes()
                    .forEach((path, methods) -> methods.stream()
                            .filter(method -> !method.equals("HEAD"))
                            .forEach(method -> served.add(method + " " + path.replaceAll(":([a-z_]+)", "{$1}"))));

            assertThat(DescribedApi.get().operations()).isEqualTo(served);
        }
    }

    @Test
    void metricsAreToldByRouteInPrometheusFormat() throws Exception {
        try (TestingApi api = TestingApi.start()) {
            api.get("/api/v1/runs/none");
            api.get("/api/v1/nowhere/" + "x".repeat(50));
            String metrics = api.raw("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            assertThat(metrics)
                    .contains("version=0.0.4")
                    .contains("jvm_memory_used_bytes")
                    .contains("route=\"/api/v1/runs/:id\",status=\"404\"")
                    .contains("route=\"none\"")
                    .doesNotContain("nowhere");
        }
    }

    @Test
    void theDescriptionIsServedAsYamlAndAsJson() throws Exception {
        try (TestingApi api = TestingApi.start()) {
            assertThat(api.get("/api/v1/openapi.json").body().path("openapi").asText())
                    .isEqualTo("3.1.0");
            assertThat(api.raw("GET /api/v1/openapi.yaml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .contains("Content-Type: application/yaml")
                    .contains("openapi: \"3.1.0\"");
        }
    }
}

package io.millrace.embedded.registry;

import static io.millrace.embedded.registry.RegistryCall.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.TestingPlatform;
import io.millrace.embedded.registry.RegistryCall.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever comes in, the answer is an error with a code and a sentence, and the registry goes on. */
class RegistryNastyInputTest {
    private static final int CODELESS = 0;

    private final URI url = TestingPlatform.shared().registryUrl();
    private final RegistryCall registry = new RegistryCall(url);
    private final String subject = TestingPlatform.shared().uniquePrefix() + "nasty";
    private final String versions = "/subjects/" + subject + "/versions";

    @AfterEach
    void theRegistryGoesOnAndHasTakenNothing() throws Exception {
        assertThat(registry.get(versions).code()).isEqualTo(40401);
        assertThat(registry.register(subject, "\"string\"")).isPositive();
    }

    @Test
    void bodiesThatAreNoRequest() throws Exception {
        Map<String, Integer> codes = new TreeMap<>();
        codes.put("", 400);
        codes.put("{", 400);
        codes.put("[]", 400);
        codes.put("null", 400);
        codes.put("\u0000\u0001\u0002", 400);
        codes.put("{\"schema\":{\"type\":\"string\"}}", 42201);
        codes.put("{\"schema\":null}", 42201);
        codes.put("{\"schema\":\"  \"}", 42201);
        codes.put("{\"schema\":\"\\\"string\\\"\",\"schemaType\":\"PROTOBUF\"}", 42201);
        codes.put(
                "{\"schema\":\"\\\"string\\\"\",\"references\":[{\"name\":\"a\",\"subject\":\"b\",\"version\":1}]}",
                42201);
        codes.put("{\"schema\":\"\\\"string\\\"\",\"id\":7}", 42205);
        codes.put("[".repeat(200_000), 400);
        codes.put("{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000), 400);
        for (Map.Entry<String, Integer> nasty : codes.entrySet()) {
            expect(nasty.getValue(), registry.post(versions, nasty.getKey()));
        }
    }

    @Test
    void schemasThatAreNone() throws Exception {
        String[] schemas = {
            "string",
            "{}",
            "{\"type\":\"record\",\"name\":\"R\"}",
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"Unknown\"}]}",
            "{\"type\":\"record\",\"name\":\"1 2\",\"fields\":[]}",
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"a\",\"type\":\"int\"}]}",
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\",\"default\":\"x\"}]}",
            "[\"int\",\"int\"]",
            "[\"int\",[\"string\"]]",
            "{\"type\":\"fixed\",\"name\":\"F\",\"size\":-1}",
            "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"A\"]}",
            "\"string\" \"int\"",
            "{\"type\":\"array\",\"items\":".repeat(20_000) + "\"int\"" + "}".repeat(20_000),
        };
        for (String schema : schemas) {
            expect(42201, registry.post(versions, body(schema)));
        }
    }

    @Test
    void schemasAsDeepAsJsonMayBe() throws Exception {
        String deep = "{\"type\":\"array\",\"items\":".repeat(450) + "\"int\"" + "}".repeat(450);
        assertThat(registry.register(subject + "-deep", deep)).isPositive();
        assertThat(registry.post("/compatibility/subjects/" + subject + "-deep/versions/latest", body(deep))
                        .body()
                        .path("is_compatible")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void recordsThatContainThemselves() throws Exception {
        String list =
                "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"],\"default\":null}]}";
        assertThat(registry.register(subject + "-list", list)).isPositive();
        assertThat(registry.post("/compatibility/subjects/" + subject + "-list/versions/latest", body(list))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void bodiesOfMoreThanAMebibyte() throws Exception {
        expect(413, registry.post(versions, "x".repeat((1 << 20) + 1)));
        String large =
                "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"],\"doc\":\"" + "\\\"".repeat(150_000) + "\"}";
        int id = registry.register(subject + "-large", large);
        assertThat(registry.get("/schemas/ids/" + id + "/schema")
                        .body()
                        .path("doc")
                        .asText())
                .hasSize(150_000);
    }

    @Test
    void mediaTypesThatAreNotSpokenHere() throws Exception {
        expect(415, registry.send(registry.request(versions).POST(BodyPublishers.ofString(body("\"string\"")))));
        expect(
                415,
                registry.send(registry.request(versions)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("schema=string"))));
        expect(
                415,
                registry.send(registry.request(versions)
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(BodyPublishers.ofString("--x--"))));
        expect(
                406,
                registry.send(registry.request("/subjects")
                        .header("Accept", "text/html")
                        .GET()));
    }

    @Test
    void subjectsThatAreNone() throws Exception {
        expect(42208, registry.post("/subjects/%20/versions", body("\"string\"")));
        expect(42208, registry.post("/subjects/a%00b/versions", body("\"string\"")));
        expect(42208, registry.post("/subjects/" + "s".repeat(1_001) + "/versions", body("\"string\"")));
    }

    @Test
    void linesThatAreNoHttp() throws Exception {
        assertThat(raw("GET /subjects/%zz/versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"error_code\":400");
        assertThat(raw("GET /subjects/%c3%28/versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(raw("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
        assertThat(raw("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains(" 414 ");
        assertThat(raw("\u0016\u0003\u0001 this is TLS\r\n\r\n")).doesNotContain("Exception");
        assertThat(raw("POST " + versions + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nnot a length\r\n"))
                .doesNotContain("Exception");
    }

    @Test
    void numbersThatAreNoIds() throws Exception {
        for (String id : new String[] {"99999999999999999999", "-1", "1.5", "0x1", "%20"}) {
            assertThat(registry.get("/schemas/ids/" + id).status()).as(id).isEqualTo(404);
        }
    }

    @Test
    void levelsThatAreNone() throws Exception {
        for (String level :
                new String[] {"{\"compatibility\":null}", "{\"compatibility\":7}", "{\"compatibility\":\"\"}"}) {
            expect(42203, registry.put("/config/" + subject, level));
        }
        expect(400, registry.put("/config/" + subject, "BACKWARD"));
    }

    private static void expect(int code, Answer answer) {
        assertThat(answer.code()).as(answer.toString()).isEqualTo(code).isNotEqualTo(CODELESS);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(code > 10_000 ? code / 100 : code);
        assertThat(answer.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
        assertThat(answer.message())
                .isNotBlank()
                .doesNotContain("Exception", "io.millrace", "\tat ")
                .hasSizeLessThan(5_000);
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

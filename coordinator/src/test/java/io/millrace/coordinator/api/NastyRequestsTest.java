package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that are well-formed HTTP and mean ill, or nothing: each is answered by a problem that names the mistake, and never by a
 * {@code 5xx}. What is not even HTTP is in {@link HttpRobustnessTest}.
 */
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class NastyRequestsTest {
    private static final String RUNS = "/api/v1/pipelines/nasty/runs";

    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
        api.putYaml(
                "nasty", "id: nasty\ninputs: {n: {type: number, default: 1}}\ntasks:\n  - {id: a, shell: \"true\"}\n");
    }

    @AfterEach
    void othersAreAnsweredAsBefore() {
        assertThat(api.get("/livez").status()).isEqualTo(200);
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/runs?limit=1&limit=2, invalid-parameter, given 2 times",
        "/api/v1/runs?limit=1&LIMIT=2, invalid-parameter, given 2 times",
        "/api/v1/runs?LIMIT=2, invalid-parameter, no parameter",
        "/api/v1/runs?limit=-1, invalid-parameter, whole number from 1",
        "/api/v1/runs?limit=0x10, invalid-parameter, whole number from 1",
        "/api/v1/runs?limit=99999999999999999999, invalid-parameter, whole number from 1",
        "/api/v1/runs?limit=1%00, invalid-parameter, whole number from 1",
        "/api/v1/runs?pipeline=%00, invalid-parameter, lower-case letter",
        "/api/v1/runs?pipeline=../etc, invalid-parameter, lower-case letter",
        "/api/v1/runs?status=running%2C%2Cfailed, invalid-parameter, running",
        "/api/v1/runs?status=RUNNING, invalid-parameter, running",
        "/api/v1/runs?trigger=unknown, invalid-parameter, api",
        "/api/v1/runs?since=2026-02-30T00:00:00Z, invalid-parameter, ISO 8601",
        "/api/v1/runs?since=%2B1000000000-01-01T00:00:00Z, invalid-parameter, ISO 8601",
        "/api/v1/runs?idempotency_key=%00, invalid-parameter, 255 characters",
        "/api/v1/runs?cursor=AAAA, invalid-cursor, cursor",
        "/api/v1/runs?cursor=%F0%9F%92%A3, invalid-cursor, cursor",
        "/api/v1/runs?__proto__=1, invalid-parameter, no parameter",
        "/api/v1/runs?a[b]=1, invalid-parameter, no parameter",
        "/api/v1/dead-letters?cursor=before--1, invalid-cursor, cursor",
        "/api/v1/dead-letters?cursor=before-99999999999999999999, invalid-cursor, cursor",
        "/api/v1/workers?health=ALIVE, invalid-parameter, alive",
        "/api/v1/events?from=yesterday, invalid-parameter, start",
        "/api/v1/pipelines/nasty?version=0, invalid-parameter, whole number from 1",
    })
    void aParameterThatIsNotAllowedIsNamedWithWhatIs(String path, String type, String allowed) {
        assertThat(api.get(path).problem(400, type)).contains(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/runs/%00",
                "/api/v1/runs/%F0%9F%92%A3",
                "/api/v1/runs/%E2%80%AEnur",
                "/api/v1/runs/AAAAAAAAAAAAAAAAAAAAAAAAAA",
                "/api/v1/runs/00000000000000000000000000",
                "/api/v1/runs/x%20or%201=1",
                "/api/v1/runs/%24%7Bjndi:ldap:%2F%2Fx%7D",
                "/api/v1/runs/a;b=c",
                "/api/v1/runs/00000000000000000000000000/tasks/%00",
                "/api/v1/runs/00000000000000000000000000/tasks/a%5B99999999999999999999%5D",
                "/api/v1/runs/00000000000000000000000000/tasks/a%5B-1%5D/why",
                "/api/v1/pipelines/%00",
                "/api/v1/pipelines/nasty%00",
                "/api/v1/dead-letters/%00-0-0"
            })
    void anIdThatCannotBeIsNotFound(String path) {
        assertThat(api.get(path).status()).isIn(400, 404);
    }

    @ParameterizedTest
    @MethodSource
    void aBodyThatIsNotTheJsonExpectedIsRefused(String body, int status, String type) {
        api.postJson(RUNS, body).problem(status, type);
    }

    static Stream<Arguments> aBodyThatIsNotTheJsonExpectedIsRefused() {
        return Stream.of(
                Arguments.of("[]", 400, "malformed-json"),
                Arguments.of("null", 400, "malformed-json"),
                Arguments.of("\"inputs\"", 400, "malformed-json"),
                Arguments.of(" ", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{}} {}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{},\"inputs\":{}}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{\"n\":1,\"n\":2}}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{\"n\":NaN}}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{\"n\":0x10}}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{\"n\":01}}", 400, "malformed-json"),
                Arguments.of("{'inputs':{}}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{}, // comment\n}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{\"n\":\"\u0000\"}}", 400, "malformed-json"),
                Arguments.of("{\"Inputs\":{}}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":[1]}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{\"n\":" + "9".repeat(100_000) + "}}", 400, "malformed-json"),
                Arguments.of("{\"inputs\":{\"n\":1e400}}", 422, "invalid-inputs"),
                Arguments.of("{\"inputs\":{\"__proto__\":{}}}", 422, "invalid-inputs"),
                Arguments.of("{\"inputs\":{\"" + "k".repeat(70_000) + "\":1}}", 400, "malformed-json"),
                Arguments.of(
                        "{\"inputs\":" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000) + "}",
                        400,
                        "malformed-json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/json, text/plain",
                "*/*",
                ";;;"
            })
    void aBodyOfAnotherTypeIsRefusedWithThoseThatAreUnderstood(String type) {
        assertThat(api.send(api.request(RUNS).header("Content-Type", type).POST(BodyPublishers.ofString("{}")))
                        .problem(415, "unsupported-media-type"))
                .isNotEmpty();
    }

    @Test
    void aBodyThatIsPackedIsRefusedBeforeItIsUnpacked() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        api.send(api.request(RUNS)
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(bomb.toByteArray())))
                .problem(415, "unsupported-media-type");
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() {
        api.send(api.request(RUNS)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray("{\"inputs\":{\"n\":\"\u00e4\"}}".getBytes(ISO_8859_1))))
                .problem(400, "malformed-request");
    }

    @Test
    void aBodyInAnotherUnicodeFormIsRefusedAndAByteOrderMarkPassedOver() {
        api.send(api.request(RUNS)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray("{}".getBytes(UTF_16BE))))
                .problem(400, "malformed-json");
        assertThat(api.postJson(RUNS, "\ufeff{}").status()).isEqualTo(202);
    }

    @Test
    void aLimitIsNamedWithoutTheNamesOfItsLibrary() {
        assertThat(api.postJson(RUNS, "{\"inputs\":{\"n\":" + "9".repeat(2_000) + "}}")
                        .problem(400, "malformed-json"))
                .contains("1000")
                .doesNotContain("StreamReadConstraints");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\t", "a\tb", "caf\u00e9"})
    void anIdempotencyKeyThatCannotBePrintedIsRefused(String key) throws IOException {
        String answer = raw("POST " + RUNS + " HTTP/1.1\r\nHost: x\r\nIdempotency-Key: " + key
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 (400|202) .*");
        if (!key.isBlank()) {
            assertThat(answer).contains("invalid-idempotency-key");
        }
    }

    @Test
    void anIdempotencyKeyIsGivenOnceAndNotTooLong() throws IOException {
        assertThat(raw("POST " + RUNS + " HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n"))
                .contains("invalid-idempotency-key");
        assertThat(raw("POST " + RUNS + " HTTP/1.1\r\nHost: x\r\nIdempotency-Key: " + "k".repeat(256)
                        + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                .contains("invalid-idempotency-key");
    }

    @Test
    void http10IsAnsweredAndItsConnectionClosedUnlessItAsksOtherwise() throws IOException {
        assertThat(raw("GET /livez HTTP/1.0\r\n\r\n")).contains(" 200 ").contains("\"checks\"");
        assertThat(raw("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")).contains(" 200 ");
        assertThat(raw("POST " + RUNS + " HTTP/1.0\r\nContent-Length: 0\r\n\r\n"))
                .contains(" 202 ");
    }

    /** Two servers in a row that see different ends of one request could be played against each other. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: +4\r\n\r\nabcd",
                "Content-Length: 0x4\r\n\r\nabcd",
                "Content-Length: 4, 4\r\n\r\nabcd"
            })
    void whatHasTwoEndsIsNotFollowedByAnotherRequest(String rest) throws IOException {
        String smuggled = "GET /api/v1/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        try (RawConnection connection = new RawConnection(api.server.port())) {
            connection.send(
                    ("POST " + RUNS + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + rest + smuggled)
                            .getBytes(UTF_8));
            connection.endOfInput();
            assertThat(connection.readToEnd()).doesNotContain("HTTP/1.1 5").doesNotContain("\"instance\":\"c1\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "http://127.0.0.1/livez", "//livez", "/./livez", "/livez/", "/livez?", "/%6Civez", "livez"})
    void aTargetInAnotherFormIsAnsweredOrRefused(String target) throws IOException {
        assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 [24]\\d\\d .*");
    }

    private String raw(String request) throws IOException {
        try (RawConnection connection = new RawConnection(api.server.port())) {
            connection.send(request.getBytes(UTF_8));
            return connection.readToEnd();
        }
    }
}

package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Query;
import io.millrace.cli.endtoend.DocumentedExchanges.Exchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every curl of the pages is executed against {@code up} as a process of its own, and its answer has the shape that the page shows.
 * The run that the pages speak of is in each case one of which the request makes sense.
 */
class CurlExamplesIT {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final List<Path> PAGES =
            List.of(CHECKOUT.resolve("docs/http-api.md"), CHECKOUT.resolve("README.md"));
    private static final String RUN_OF_THE_PAGES = "3yv0k6q1n8r5t2w7z4x9c0b1ad";
    private static final String LETTER_OF_THE_PAGES = "millrace.triggers-0-17";

    @TempDir
    private static Path directory;

    private static MillraceProcess up;
    private static URI url;
    private static ApiClient api;
    private static String letter;

    @BeforeAll
    static void start() throws Exception {
        up = MillraceProcess.up(directory.resolve("data"));
        url = up.upUrl();
        api = new ApiClient(url);
        Files.createDirectories(directory.resolve("docs/examples"));
        Files.copy(CHECKOUT.resolve("docs/examples/hello.yaml"), directory.resolve("docs/examples/hello.yaml"));
        // As the pages tell of it: the first attempt has failed, and the second is not due yet; Ada has more luck.
        String hello = """
                id: hello
                inputs:
                  name: {type: string, default: world, description: whom to greet}
                tasks:
                  - id: greet
                    shell: '[ "$NAME" = Ada ] || { echo boom >&2; exit 1; }'
                    env: {NAME: "${{ inputs.name }}"}
                    retry: {max: 2, backoff: 1h}
                  - {id: rejoice, needs: greet, shell: echo}
                """;
        Files.writeString(directory.resolve("hello.yaml"), hello);
        apply("hello", hello);
        apply("hello_asks", "id: hello_asks\ntasks: [{id: greet, approval: Greet?}]\n");
        apply("report", """
                id: report
                triggers:
                  - {id: nightly, schedule: {cron: 30 2 * * *, timezone: Europe/Berlin}}
                tasks:
                  - {id: a, shell: "true"}
                """);
        apply("orders", """
                id: orders
                inputs: {customer: string, amount: number}
                triggers:
                  - id: placed
                    webhook: {from: generic, unsigned: true}
                    inputs: {customer: "${{ event.customer }}", amount: "${{ event.amount }}"}
                tasks:
                  - {id: a, shell: "true"}
                """);
        letter = plant();
        awaitLetter();
    }

    @AfterAll
    static void stop() {
        up.signal("TERM");
        assertThat(up.awaitExit()).as("%s", up).isZero();
    }

    @TestFactory
    Stream<DynamicTest> everyRequestIsAnsweredAsThePageShows() throws IOException {
        return PAGES.stream()
                .flatMap(page -> exchanges(page).stream()
                        .map(exchange -> DynamicTest.dynamicTest(
                                CHECKOUT.relativize(page) + ":" + exchange.line() + " "
                                        + exchange.curl().lines().findFirst().orElse(""),
                                () -> check(exchange))));
    }

    @Test
    void findsTheRequestsAndAnswersOfThePages() {
        List<Exchange> exchanges = exchanges(PAGES.get(0));
        assertThat(exchanges).hasSizeGreaterThan(20);
        assertThat(exchanges.stream().filter(each -> each.shown().isPresent())).hasSizeGreaterThan(14);
    }

    private static void check(Exchange exchange) throws Exception {
        String request = adapted(exchange.curl());
        if (request.contains("curl -N")) {
            assertThat(follow(request)).contains("event: run_", "id: ", "data: {");
            return;
        }
        String answer = curl(request);
        if (request.endsWith("/metrics")) {
            assertThat(answer).contains("# TYPE ");
            return;
        }
        JsonNode json = Json.parse(answer);
        assertThat(json.isObject()).as("%s answers %s", request, answer).isTrue();
        exchange.shown()
                .ifPresent(shown -> assertThat(JsonShape.differences(shown, json))
                        .as("%s\n%s", request, answer)
                        .isEmpty());
    }

    private static String adapted(String curl) {
        String request = curl.replace("http://127.0.0.1:7070", url.toString()).replace(LETTER_OF_THE_PAGES, letter);
        return request.contains(RUN_OF_THE_PAGES) ? request.replace(RUN_OF_THE_PAGES, runFor(request)) : request;
    }

    /** A run of which the request makes sense. */
    private static String runFor(String request) {
        if (request.contains("/answer")) {
            return begun("hello_asks", "deferred");
        }
        String run = begun("hello", "retrying");
        if (request.contains("/rerun")) {
            api.cancel(run, "to be opened again", Optional.empty());
            Until.holds(
                    "it has ended", () -> api.run(run).path("status").asText().equals("cancelled"));
        }
        return run;
    }

    private static String begun(String pipeline, String status) {
        String run = api.start(pipeline, Json.object(), UUID.randomUUID().toString())
                .path("id")
                .asText();
        Until.holds(
                "its task is " + status,
                () -> api.task(run, "greet").path("status").asText().equals(status));
        return run;
    }

    private static String curl(String request) throws Exception {
        return bash(request.replaceFirst("^curl ", "curl -sS "));
    }

    /** What comes within three seconds, of all that has happened. */
    private static String follow(String request) throws Exception {
        return bash(request.replaceFirst("^curl ", "curl -s --max-time 3 ").replace("events?", "events?from=start&")
                + " || test $? = 28");
    }

    private static String bash(String command) throws Exception {
        Process process = new ProcessBuilder("bash", "-euo", "pipefail", "-c", command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(command + "\n" + out).isZero();
        return out;
    }

    private static void apply(String id, String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve(id + "-applied.yaml"), yaml);
        Cli.at(url, "apply", file.toString()).ended(0);
    }

    /** A record that is no trigger. */
    private static String plant() throws Exception {
        var kafka = api.info().kafka();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                java.util.Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            String topic = kafka.topicPrefix() + "triggers";
            var place = producer.send(new ProducerRecord<>(topic, "no trigger".getBytes(StandardCharsets.UTF_8)))
                    .get();
            return topic + "-" + place.partition() + "-" + place.offset();
        }
    }

    private static void awaitLetter() {
        Until.holds(
                "the record is put aside",
                () -> api.deadLetters(Query.ALL).first(10).entries().stream()
                        .anyMatch(each -> each.path("id").asText().equals(letter)));
    }

    private static List<Exchange> exchanges(Path page) {
        try {
            return DocumentedExchanges.of(Files.readString(page)).exchanges();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.api.TestingApi.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/** What is written through one coordinator is read through another, by whoever carries the token of the write there. */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class TwoCoordinatorsTest {
    private TestingApi one;
    private TestingApi other;

    @BeforeAll
    void start() throws Exception {
        one = TestingApi.start();
        other = one.another();
        one.putYaml("mine", "id: mine\ntasks:\n  - {id: a, shell: \"true\"}\n");
    }

    @AfterAll
    void stop() throws Exception {
        other.close();
        one.close();
    }

    @AfterEach
    void release() {
        one.starter.release();
    }

    private Reply written() {
        Reply started = one.postJson("/api/v1/pipelines/mine/runs", "{}");
        assertThat(started.status()).as(started.body().toString()).isEqualTo(202);
        return started;
    }

    private Reply read(Reply written, boolean withToken) {
        var request = other.request("/api/v1/runs/" + written.body().path("id").asText());
        return other.send((withToken ? request.header("Millrace-Token", token(written)) : request).GET());
    }

    private static String token(Reply written) {
        return written.header("millrace-token").orElseThrow();
    }

    @Test
    void whoeverCarriesTheTokenReadsWhatWasWrittenEveryTime() {
        for (int i = 0; i < 50; i++) {
            Reply started = written();
            Reply read = read(started, true);
            assertThat(read.status()).as(read.body().toString()).isEqualTo(200);
            assertThat(read.header("millrace-token-late")).isEmpty();
        }
    }

    @Test
    void whoeverDoesNotMayMissIt() {
        one.starter.hold();
        Reply started = written();

        read(started, false).problem(404, "unknown-run");
    }

    @Test
    void theReadWaitsUntilItIsThere() throws Exception {
        one.starter.hold();
        Reply started = written();
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> read(started, true));
        read(started, false).problem(404, "unknown-run");
        assertThat(waiting).as("the read with the token").isNotDone();
        one.starter.release();

        assertThat(waiting.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    @Test
    void butNotForEver() {
        one.starter.hold();
        Reply started = written();
        long before = System.nanoTime();
        Reply late = other.send(other.request("/api/v1/runs?pipeline=mine")
                .header("Millrace-Token", token(started))
                .GET());

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("how long it waited")
                .isGreaterThan(Duration.ofSeconds(4));
        assertThat(late.status()).isEqualTo(200);
        assertThat(late.header("millrace-token-late")).contains("true");
        assertThat(late.body().toString())
                .doesNotContain(started.body().path("id").asText());
    }

    @Test
    void aVersionOfAPipelineIsThereForAReadWithItsToken() {
        for (int version = 2; version < 12; version++) {
            Reply applied =
                    one.putYaml("mine", "id: mine\ntasks:\n  - {id: a, shell: \"echo %d\"}\n".formatted(version));
            Reply read = other.send(other.request("/api/v1/pipelines/mine")
                    .header("Millrace-Token", token(applied))
                    .GET());
            assertThat(read.body().path("version").asInt()).isEqualTo(version);
        }
    }
}

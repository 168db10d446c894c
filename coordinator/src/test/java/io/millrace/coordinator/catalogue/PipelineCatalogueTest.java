package io.millrace.coordinator.catalogue;

import static io.millrace.coordinator.catalogue.SubmissionTest.file;
import static io.millrace.coordinator.catalogue.TestingLog.id;
import static io.millrace.coordinator.catalogue.TestingLog.submission;
import static io.millrace.coordinator.catalogue.TestingLog.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class PipelineCatalogueTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private TestingLog log;
    private PipelineCatalogue catalogue;

    @BeforeEach
    void open() throws InterruptedException {
        log = TestingLog.open();
        catalogue = log.catalogue();
    }

    @AfterEach
    void close() {
        catalogue.close();
        log.close();
    }

    @Test
    void versionsCountFromOneAndEachIsKept() {
        for (int i = 1; i <= 3; i++) {
            Applied applied = catalogue.apply(submission("etl", "echo " + i));
            assertThat(applied.created()).isTrue();
            assertThat(applied.version().version()).isEqualTo(i);
            assertThat(version(catalogue.current(id("etl")))).contains(i);
        }

        assertThat(catalogue.version(id("etl"), 2).orElseThrow().definition().getSource())
                .contains("echo 2");
        assertThat(catalogue.version(id("etl"), 4)).isEmpty();
        assertThat(catalogue.version(id("etl"), 0)).isEmpty();
        assertThat(catalogue.known()).extracting(PipelineVersion::version).containsExactly(3);
    }

    @Test
    void applyingWhatIsThereAlreadyMakesNoVersion() {
        Applied first = catalogue.apply(submission("etl", "true"));
        Applied second = catalogue.apply(submission("etl", "true"));

        assertThat(second.created()).isFalse();
        assertThat(second.version().version()).isEqualTo(1);
        assertThat(second.version().appliedAt()).isEqualTo(first.version().appliedAt());

        catalogue.apply(submission("etl", "false"));
        assertThat(catalogue.apply(submission("etl", "true")).version().version())
                .as("what was current once is a new version")
                .isEqualTo(3);
    }

    @Test
    void filesTravelWithTheirVersion() {
        String source = """
                id: iris
                tasks:
                  - {id: a, python: {file: a.py}}
                """;
        catalogue.apply(submission(source, file("a.py", "print(1)")));
        catalogue.apply(submission(source, file("a.py", "print(2)")));

        assertThat(content(1)).isEqualTo("print(1)");
        assertThat(content(2)).isEqualTo("print(2)");
        assertThat(content(2)).as("reading does not use it up").isEqualTo("print(2)");
    }

    @Test
    void aSubmissionWithProblemsIsNotApplied() {
        Submission missing =
                Submission.of("iris.yaml", "id: iris\ntasks:\n  - {id: a, python: {file: a.py}}\n", List.of());

        assertThatThrownBy(() -> catalogue.apply(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.py");
        assertThat(catalogue.current(id("iris"))).isEmpty();
    }

    @Test
    void whatAnotherCoordinatorAppliedIsFoundAtOnce() {
        try (PipelineCatalogue other = log.catalogue()) {
            for (int i = 1; i <= 30; i++) {
                String id = "p" + i;
                other.apply(submission(id, "true"));
                // The other one's write is acknowledged; asking here must not race against reading it.
                assertThat(version(catalogue.current(id(id)))).as(id).contains(1);
            }
        }
    }

    @Test
    void coordinatorsThatApplyAtOnceLeaveNoGapAndGiveNoNumberTwice() throws Exception {
        int coordinators = 2;
        int each = 25;
        List<PipelineCatalogue> catalogues = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(coordinators);
        List<CompletableFuture<List<Applied>>> racers = new ArrayList<>();
        try {
            for (int c = 0; c < coordinators; c++) {
                PipelineCatalogue racing = log.catalogue();
                catalogues.add(racing);
                String name = "c" + c;
                racers.add(CompletableFuture.supplyAsync(
                        () -> IntStream.range(0, each)
                                .mapToObj(i -> racing.apply(submission("etl", "echo " + name + " " + i)))
                                .toList(),
                        threads));
            }
            List<Integer> given = new ArrayList<>();
            for (CompletableFuture<List<Applied>> racer : racers) {
                List<Integer> own = racer.get(170, TimeUnit.SECONDS).stream()
                        .map(applied -> applied.version().version())
                        .toList();
                assertThat(own).isSorted();
                given.addAll(own);
            }
            assertThat(given)
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, coordinators * each)
                            .boxed()
                            .toList());
            catalogue.awaitRead(LIMIT);
            assertThat(version(catalogue.current(id("etl")))).contains(coordinators * each);
            for (int v = 1; v <= coordinators * each; v++) {
                assertThat(catalogue.version(id("etl"), v)).as("version %s", v).isPresent();
            }
        } finally {
            threads.shutdownNow();
            catalogues.forEach(PipelineCatalogue::close);
        }
    }

    @Test
    void theTopicsOfItsQueuesAreThereWhenAPipelineIs() throws Exception {
        catalogue.apply(submission("""
                id: train
                tasks:
                  - {id: a, shell: "true"}
                  - {id: b, shell: "true", queue: gpu}
                """));

        try (Admin admin = Admin.create(log.access().adminProperties())) {
            assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS))
                    .contains(
                            log.access().topicPrefix() + "tasks.default",
                            log.access().topicPrefix() + "tasks.gpu");
        }
    }

    @Test
    void aRestartedCatalogueKnowsEveryVersionAndGoesOnCounting() {
        catalogue.apply(submission("etl", "echo 1"));
        catalogue.apply(submission("etl", "echo 2"));
        catalogue.close();

        catalogue = log.catalogue();
        assertThat(version(catalogue.current(id("etl")))).contains(2);
        assertThat(catalogue.apply(submission("etl", "echo 3")).version().version())
                .isEqualTo(3);
    }

    @Test
    void recordsOfAForeignHandHarmNoOther() {
        log.writeRaw(log.topics().pipelines(), "etl/1", new byte[] {1, 2, 3});
        log.writeRaw(log.topics().pipelines(), "../../etc", "x".getBytes(StandardCharsets.UTF_8));
        log.writeRaw(log.topics().pipelines(), "etl/99999999999999999999", null);

        assertThat(catalogue.apply(submission("etl", "true")).version().version())
                .isEqualTo(1);
        assertThat(version(catalogue.current(id("etl")))).contains(1);
    }

    @Test
    void aClosedCatalogueKeepsWhatItKnowsAndSaysThatItCannotFindMore() {
        catalogue.apply(submission("etl", "true"));
        catalogue.close();

        assertThat(version(catalogue.current(id("etl")))).contains(1);
        assertThatThrownBy(() -> catalogue.current(id("unknown"))).isInstanceOf(CatalogueUnavailableException.class);
        assertThatThrownBy(() -> catalogue.apply(submission("etl", "false")))
                .isInstanceOf(CatalogueUnavailableException.class);
    }

    private String content(int version) {
        Optional<PipelineVersion> found = catalogue.version(id("iris"), version);
        return StandardCharsets.UTF_8
                .decode(found.orElseThrow()
                        .definition()
                        .getFiles()
                        .get(0)
                        .getContent()
                        .duplicate())
                .toString();
    }
}

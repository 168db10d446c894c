package io.millrace.coordinator.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.PipelineFile;
import io.millrace.pipeline.Problem;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubmissionTest {
    private static final String WITH_FILES = """
            id: iris
            tasks:
              - id: features
                python: {file: features.py}
              - id: score
                shell: ./score
                files: [score]
            """;

    @Test
    void aPipelineWithItsFilesIsAcceptable() {
        Submission submission =
                Submission.of("iris.yaml", WITH_FILES, List.of(file("score", "x"), file("features.py", "pass")));

        assertThat(submission.problems()).isEmpty();
        assertThat(submission.pipeline().orElseThrow().id().value()).isEqualTo("iris");
    }

    @Test
    void aMissingFileIsAProblemAtThePlaceThatNamesIt() {
        Submission submission = Submission.of("iris.yaml", WITH_FILES, List.of(file("score", "x")));

        assertThat(submission.pipeline()).isEmpty();
        assertThat(submission.problems())
                .containsExactly(new Problem(
                        "iris.yaml",
                        4,
                        20,
                        "the pipeline names the file \"features.py\", and it was not sent",
                        Optional.of("the file beside the pipeline's own"),
                        Optional.empty()));
    }

    @Test
    void aFileThatNoTaskNamesIsAProblem() {
        Submission submission = Submission.of(
                "iris.yaml",
                WITH_FILES,
                List.of(file("score", "x"), file("features.py", "pass"), file("secrets.env", "k=v")));

        assertThat(submission.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains("secrets.env").contains("nothing in the pipeline names it");
            assertThat(problem.line()).isEqualTo(1);
        });
    }

    @Test
    void aCalendarBelongsToThePipelineAndIsChecked() {
        String source = """
                id: nightly
                triggers: [{id: t, schedule: {cron: 30 2 * * *, skip: days.yaml}}]
                tasks: [{id: a, shell: x}]
                """;

        Submission good = Submission.of("nightly.yaml", source, List.of(file("days.yaml", "- 12-25\n")));
        assertThat(good.problems()).isEmpty();
        assertThat(good.files()).extracting(PipelineFile::getPath).containsExactly("days.yaml");
        assertThat(good.digest())
                .as("other days are another version")
                .isNotEqualTo(Submission.of("nightly.yaml", source, List.of(file("days.yaml", "- 12-26\n")))
                        .digest());

        assertThat(Submission.of("nightly.yaml", source, List.of(file("days.yaml", "- 12-25\n- 12-32\n")))
                        .problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).startsWith("days.yaml:2:3: a day of the calendar is"));
        assertThat(Submission.of("nightly.yaml", source, List.of()).problems())
                .extracting(Problem::toString)
                .containsExactly("nightly.yaml:2:55: the pipeline names the file \"days.yaml\", and it was not sent;"
                        + " expected the file beside the pipeline's own");
    }

    @Test
    void aFileThatIsSentTwiceIsAProblem() {
        Submission submission = Submission.of(
                "iris.yaml", WITH_FILES, List.of(file("score", "x"), file("features.py", "pass"), file("score", "y")));

        assertThat(submission.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("sent twice"));
    }

    @Test
    void limitsAreNamedWithTheirValues() {
        Submission large = Submission.of(
                "iris.yaml",
                WITH_FILES,
                List.of(file("score", "x".repeat(SubmittedFiles.MAX_FILE_BYTES + 1)), file("features.py", "pass")));
        assertThat(large.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.message()).isEqualTo("the file \"score\" has 262145 bytes");
            assertThat(problem.expected()).contains("at most 262144 bytes a file");
        });

        String named = WITH_FILES.replace("[score]", "[score, b, c, d]");
        String quarter = "x".repeat(200 << 10);
        Submission together = Submission.of(
                "iris.yaml",
                named,
                List.of(
                        file("score", quarter),
                        file("features.py", "pass"),
                        file("b", quarter),
                        file("c", quarter),
                        file("d", quarter)));
        assertThat(together.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.expected()).contains("at most 786432 bytes together"));
    }

    @Test
    void whatIsWrongWithTheSourceIsToldToo() {
        Submission submission = Submission.of("iris.yaml", "id: iris\ntaks: []\n", List.of());

        assertThat(submission.pipeline()).isEmpty();
        assertThat(submission.problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.file()).isEqualTo("iris.yaml"));
    }

    @Test
    void theDigestTellsContentAndNothingElse() {
        PipelineFile score = file("score", "x");
        PipelineFile features = file("features.py", "pass");
        String digest = digest(WITH_FILES, score, features);

        assertThat(digest(WITH_FILES, features, score)).isEqualTo(digest);
        assertThat(digest).matches("[0-9a-f]{64}");
        assertThat(digest(WITH_FILES + "\n", score, features)).isNotEqualTo(digest);
        assertThat(digest(WITH_FILES, file("score", "y"), features)).isNotEqualTo(digest);
        assertThat(digest(
                        WITH_FILES,
                        PipelineFile.newBuilder(score).setExecutable(true).build(),
                        features))
                .isNotEqualTo(digest);
        // A byte that moves from one file's end to the next one's path is another content.
        assertThat(digest(WITH_FILES, file("a", "bc"), file("d", "")))
                .isNotEqualTo(digest(WITH_FILES, file("a", "b"), file("cd", "")));
    }

    private static String digest(String source, PipelineFile... files) {
        return Submission.of("iris.yaml", source, List.of(files)).digest();
    }

    static PipelineFile file(String path, String content) {
        return PipelineFile.newBuilder()
                .setPath(path)
                .setContent(ByteBuffer.wrap(content.getBytes(UTF_8)))
                .build();
    }
}

package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.artifact.Artifacts;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArtifactsOfTasksTest {
    private static final String ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path directory;

    @TempDir
    Path shared;

    private Workbench bench;

    @BeforeEach
    void aBenchWithAStore() {
        bench = bench();
    }

    @Test
    void aFileBecomesAReferenceAndAgainAFile() throws Exception {
        String output = Workbench.output(bench.fileOutputs("model")
                .shell("printf abc > m.bin; echo '{\"model\":\"m.bin\",\"n\":1.50}' > $MILLRACE_OUTPUT"));
        assertThat(output)
                .isEqualTo("{\"n\":1.50,\"model\":{\"artifact\":\"" + ABC + "\",\"name\":\"m.bin\",\"size\":3}}");

        String model = Workbench.JSON.readTree(output).path("model").toString();
        Workbench other = bench().inputs("{\"deep\":[{\"model\":" + model + "}],\"also\":" + model + ",\"n\":1}")
                .env(Map.of("MODEL", model, "PLAIN", "{\"artifact\":1}"));
        JsonNode seen = Workbench.JSON.readTree(Workbench.output(other.python("""
                import json, os
                given = json.load(open(os.environ["MILLRACE_INPUTS"]))
                path = given["deep"][0]["model"]
                assert given["also"] == path == os.environ["MODEL"], given
                json.dump({"content": open(path).read(), "inside": path.startswith(os.getcwd()), "name": os.path.relpath(path),
                  "plain": os.environ["PLAIN"], "n": given["n"]}, open(os.environ["MILLRACE_OUTPUT"], "w"))
                """)));
        assertThat(seen.toString())
                .isEqualTo(
                        "{\"content\":\"abc\",\"inside\":true,\"name\":\"inputs/m.bin\",\"plain\":\"{\\\"artifact\\\":1}\",\"n\":1}");
    }

    @Test
    void filesOfOneNameAreLaidSideBySide() {
        String one = reference("printf abc");
        String two = reference("printf abcd");
        String inputs = "{\"one\":" + one + ",\"two\":" + two + "}";
        bench().inputs(inputs).shell("true");
        Workbench reading = bench().inputs(inputs);
        reading.shell("cat inputs/m.bin; echo; cat inputs/2/m.bin; echo");
        assertThat(reading.texts(LogStream.STDOUT)).containsExactlyInAnyOrder("abc", "abcd");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | no/such/file | The output 'model' names the file 'no/such/file', and there is none.",
                "mkdir d | d | The output 'model' names the directory 'd'; pack it into one file first, for example with tar.",
                "mkfifo p | p | The output 'model' names 'p', which is no plain file.",
                "true | /dev/zero | The output 'model' names '/dev/zero', which is no plain file.",
                "true | ' ' | The output 'model' names the file ' ', and there is none.",
                "true | a\\u0000b | The output 'model' is no path.",
                "true | .. | The output 'model' names the directory '..'; pack it into one file first, for example with tar.",
                "ln -s nowhere l | l | The output 'model' names the file 'l', and there is none.",
            })
    void refusesWhatIsNoFile(String before, String path, String sentence) {
        Failure failure = Workbench.failure(
                bench.fileOutputs("model").shell(before + "; echo '{\"model\":\"" + path + "\"}' > $MILLRACE_OUTPUT"));
        assertThat(failure.message()).isEqualTo(sentence);
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void whatIsNeitherPathNorReferenceIsForTheEngineToJudge() {
        assertThat(Workbench.output(bench.fileOutputs("model", "other")
                        .shell("echo '{\"model\":7,\"x\":{\"artifact\":\"y\"}}' > $MILLRACE_OUTPUT")))
                .isEqualTo("{\"model\":7,\"x\":{\"artifact\":\"y\"}}");
    }

    @Test
    void aFileOverTheLimitIsRefusedByName() {
        Workbench small = new Workbench(directory)
                .artifacts(Artifacts.open(ArtifactSettings.in(shared).withLimitBytes(1 << 20)))
                .fileOutputs("model");
        Failure failure = Workbench.failure(
                small.shell("head -c 1048577 /dev/zero > m.bin; echo '{\"model\":\"m.bin\"}' > $MILLRACE_OUTPUT"));
        assertThat(failure.message())
                .isEqualTo("The file 'm.bin' is larger than worker.artifacts.limit, which is 1 MiB.");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void anOutputOfTenMegabytesIsRefusedByName() {
        Failure failure = Workbench.failure(
                bench.python(
                        "import os; open(os.environ['MILLRACE_OUTPUT'], 'w').write('{\"rows\":\"' + 'x' * 10_000_000 + '\"}')"));
        assertThat(failure.message())
                .startsWith("The output has 10000011 bytes, which is over the limit of 262144 bytes (256 KiB)")
                .contains("file");
    }

    @Test
    void withoutAStoreItSaysWhichSettingIsMissing() {
        Workbench without = new Workbench(directory).fileOutputs("model");
        assertThat(Workbench.failure(without.shell("touch m; echo '{\"model\":\"m\"}' > $MILLRACE_OUTPUT"))
                        .message())
                .isEqualTo("This worker has no store for artifacts; set millrace.worker.artifacts.store.");
        Workbench reading = new Workbench(directory).inputs("{\"m\":" + reference("printf abc") + "}");
        assertThat(Workbench.failure(reading.shell("true")).message()).contains("worker.artifacts.store");
    }

    @Test
    void aMissingArtifactIsNamedAndFailsForGood() {
        String gone = "{\"artifact\":\"sha256:" + "0".repeat(64) + "\",\"name\":\"m.bin\",\"size\":3}";
        Failure failure = Workbench.failure(bench.inputs("{\"m\":" + gone + "}").shell("true"));
        assertThat(failure.message())
                .startsWith("The artifact 'm.bin' (sha256:000000")
                .contains("3 bytes) is not in file:" + shared, "artifacts.retention");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void aDamagedArtifactIsNamedAndMayBeRetried() throws Exception {
        String reference = reference("printf abc");
        for (String content : List.of("abd", "ab", "abcd", "")) {
            Files.writeString(object(), content);
            Failure failure = Workbench.failure(
                    bench().inputs("{\"m\":" + reference + "}").shell("true"));
            assertThat(failure.message()).startsWith("The artifact 'm.bin' (" + ABC + ", 3 bytes) is damaged");
            assertThat(failure.retryable()).isTrue();
        }
    }

    @Test
    void aNameCannotLeadOutOfTheDirectory() {
        String reference = reference("printf abc").replace("m.bin", "../../../evil");
        Workbench reading = bench().inputs("{\"m\":" + reference + "}");
        reading.shell("ls inputs");
        assertThat(reading.texts(LogStream.STDOUT)).containsExactly("ba7816bf8f01");
    }

    @Test
    void aSecretInTheNameOfAFileIsMaskedAndTheDigestIsNot() {
        String output = Workbench.output(
                bench.secrets(Map.of("TOKEN", "ba78", "OTHER", "hunter22"))
                        .fileOutputs("model")
                        .shell(
                                "printf abc > hunter22.bin; echo '{\"model\":\"hunter22.bin\",\"t\":\"ba78\"}' > $MILLRACE_OUTPUT"));
        assertThat(output)
                .isEqualTo("{\"t\":\"***\",\"model\":{\"artifact\":\"" + ABC + "\",\"name\":\"***.bin\",\"size\":3}}");
    }

    @Test
    void aHandlerWritesAndOpensArtifactsAsStreams() {
        Map<String, Handler> handlers = Map.of(
                "write",
                call -> Map.of(
                        "model",
                        call.writeArtifact("m.bin", new ByteArrayInputStream("abc".getBytes(StandardCharsets.UTF_8)))),
                "read",
                call -> {
                    try (InputStream in = call.openArtifact(call.inputs().get("m"))) {
                        return Map.of("content", new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                });
        Workbench writing =
                new Workbench(directory, handlers).artifacts(store()).fileOutputs("model");
        String output = Workbench.output(writing.java("write"));
        assertThat(output).contains(ABC);
        Workbench reading =
                new Workbench(directory, handlers).artifacts(store()).inputs(output.replace("\"model\"", "\"m\""));
        assertThat(Workbench.output(reading.java("read"))).isEqualTo("{\"content\":\"abc\"}");
    }

    @Test
    void aHandlerNoticesADamagedArtifact() throws Exception {
        String reference = reference("printf abc");
        Files.writeString(object(), "abX");
        Workbench reading = new Workbench(directory, Map.of("read", call -> {
                    try (InputStream in = call.openArtifact(call.inputs().get("m"))) {
                        in.readAllBytes();
                        return Map.of();
                    }
                }))
                .artifacts(store())
                .inputs("{\"m\":" + reference + "}");
        Failure failure = Workbench.failure(reading.java("read"));
        assertThat(failure.message()).startsWith("The artifact 'm.bin' (").contains("is damaged");
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void aTaskThatIsStoppedStopsItsTransfers() {
        bench.fileOutputs("model");
        bench.stop.request(StopSignal.Reason.RELEASED, "enough");
        assertThat(bench.inputs("{\"m\":" + reference("printf abc") + "}")
                        .shell("true")
                        .outcome())
                .isInstanceOf(Outcome.Stopped.class);
    }

    private Workbench bench() {
        return new Workbench(directory).artifacts(store());
    }

    private Artifacts store() {
        return Artifacts.open(ArtifactSettings.in(shared));
    }

    private String reference(String command) {
        String output = Workbench.output(bench().fileOutputs("model")
                .shell(command + " > m.bin; echo '{\"model\":\"m.bin\"}' > $MILLRACE_OUTPUT"));
        return output.substring("{\"model\":".length(), output.length() - 1);
    }

    private Path object() throws Exception {
        try (Stream<Path> all = Files.walk(shared.resolve("objects"))) {
            return all.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }
}

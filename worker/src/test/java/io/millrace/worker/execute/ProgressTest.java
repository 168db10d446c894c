package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.LogStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProgressTest {
    private static final String PUBLISH = " > $MILLRACE_PROGRESS.new; mv $MILLRACE_PROGRESS.new $MILLRACE_PROGRESS; ";

    @TempDir
    Path directory;

    private static Progress share(double value) {
        return new Progress(Optional.of(value), Optional.empty());
    }

    @Test
    void noticesWhatAScriptWritesWhileItRuns() throws InterruptedException {
        Workbench bench = new Workbench(directory);
        Thread script = new Thread(() -> bench.shell(
                "echo '{\"progress\":0.4,\"checkpoint\":{\"row\":7,\"sum\":1.50}}'" + PUBLISH + "sleep 300"));
        script.start();
        long start = System.nanoTime();
        while (bench.progress.isEmpty()
                && System.nanoTime() - start < Duration.ofSeconds(30).toNanos()) {
            Thread.onSpinWait();
        }
        bench.stop.request(StopSignal.Reason.RELEASED, "enough");
        script.join();
        assertThat(bench.progress)
                .containsExactly(new Progress(Optional.of(0.4), Optional.of("{\"row\":7,\"sum\":1.50}")));
    }

    @Test
    void readsTheLastWordOfAScriptHoweverItEnds() {
        for (String end : List.of("true", "exit 3", "kill -9 $$", "sleep 300")) {
            Workbench bench =
                    new Workbench(directory).timeout(Duration.ofMillis(700)).killGrace(Duration.ZERO);
            bench.shell("echo '{\"checkpoint\":{\"at\":\"" + end.length() + "\"}}'" + PUBLISH + end);
            assertThat(bench.progress)
                    .as(end)
                    .containsExactly(new Progress(Optional.empty(), Optional.of("{\"at\":\"" + end.length() + "\"}")));
        }
    }

    @Test
    void readsTheLastWordOfAScriptThatSavesItsWorkWhenItIsAskedToEnd() {
        Workbench bench = new Workbench(directory).timeout(Duration.ofMillis(700));
        bench.shell("trap 'echo \"{\\\"progress\\\":0.9}\"" + PUBLISH + "exit 1' TERM; sleep 300 & wait");
        assertThat(bench.progress).containsExactly(share(0.9));
    }

    @Test
    void givesAScriptTheLastCheckpointAndNoFileWhenThereIsNone() {
        Workbench resumed = new Workbench(directory).checkpoint("{\"row\": 41}");
        assertThat(Workbench.output(resumed.shell("cp $MILLRACE_CHECKPOINT $MILLRACE_OUTPUT")))
                .isEqualTo("{\"row\": 41}");
        Workbench fresh = new Workbench(directory);
        assertThat(Workbench.output(fresh.shell("test -n \"$MILLRACE_CHECKPOINT\"; test ! -e $MILLRACE_CHECKPOINT")))
                .isEqualTo("{}");
    }

    @Test
    void saysWhatItCannotTakeAndHarmsNothing() {
        Map<String, String> contents = Map.of(
                "echo '{\"progress\":1.5}'", "The progress 1.5 is not taken",
                "echo '{\"progress\":-0.1}'", "The progress -0.1 is not taken",
                "echo '{\"progress\":\"half\"}'", "it has to be a number from 0 to 1",
                "echo '{\"checkpoint\":[1]}'", "The checkpoint in MILLRACE_PROGRESS is not taken",
                "echo '{\"progess\":0.5}'", "unknown key 'progess'",
                "echo '{\"progress\":0.5'", "MILLRACE_PROGRESS is not JSON",
                "echo '[0.5]'", "has to be a JSON object",
                "true", "MILLRACE_PROGRESS is empty",
                "head -c 70000 /dev/zero | tr '\\0' x | sed 's/.*/{\"checkpoint\":{\"a\":\"&\"}}/'",
                        "over the limit of 65536 bytes",
                "head -c 300000 /dev/zero", "more than 262144 bytes");
        contents.forEach((content, complaint) -> {
            Workbench bench = new Workbench(directory);
            assertThat(Workbench.output(bench.shell("(" + content + ")" + PUBLISH)))
                    .isEqualTo("{}");
            assertThat(bench.progress).as(content).isEmpty();
            assertThat(bench.texts(LogStream.SYSTEM))
                    .as(content)
                    .singleElement()
                    .asString()
                    .contains(complaint);
        });
    }

    @Test
    void readsNoPipeNoDirectoryAndNoLinkInPlaceOfTheFile() {
        for (String trap : List.of(
                "mkfifo $MILLRACE_PROGRESS", "mkdir $MILLRACE_PROGRESS", "ln -s /etc/passwd $MILLRACE_PROGRESS")) {
            Workbench bench = new Workbench(directory);
            assertThat(Workbench.output(bench.shell(trap))).isEqualTo("{}");
            assertThat(bench.texts(LogStream.SYSTEM))
                    .containsExactly("MILLRACE_PROGRESS is not a plain file any more: it is not read.");
        }
    }

    @Test
    void noCheckpointShowsASecret() {
        Workbench bench = new Workbench(directory).secrets(Map.of("TOKEN", "hunter22"));
        bench.shell("echo '{\"checkpoint\":{\"at\":\"'$TOKEN'\"}}'" + PUBLISH);
        assertThat(bench.progress).containsExactly(new Progress(Optional.empty(), Optional.of("{\"at\":\"***\"}")));
    }

    @Test
    void handlersSayHowFarTheyAreAndFindTheirCheckpoint() {
        Workbench bench = new Workbench(directory, Map.of("h", call -> {
                    call.progress().share(0.25);
                    call.progress().share(Double.NaN);
                    call.progress().share(Double.NaN);
                    call.progress().checkpoint(Map.of("row", 8));
                    call.progress().checkpoint(Map.of("large", "x".repeat(70_000)));
                    return call.lastCheckpoint().orElseThrow();
                }))
                .checkpoint("{\"row\":7}");
        assertThat(Workbench.output(bench.java("h"))).isEqualTo("{\"row\":7}");
        assertThat(bench.progress)
                .containsExactly(share(0.25), new Progress(Optional.empty(), Optional.of("{\"row\":8}")));
        assertThat(bench.texts(LogStream.SYSTEM)).hasSize(2);
        assertThat(bench.texts(LogStream.SYSTEM).get(0)).contains("NaN");
        assertThat(bench.texts(LogStream.SYSTEM).get(1)).contains("over the limit of 65536 bytes");
    }
}

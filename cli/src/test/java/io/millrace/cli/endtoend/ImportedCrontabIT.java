package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a crontab to runs in two commands, on a platform: what the jobs are given is what cron gives them. */
class ImportedCrontabIT {
    @TempDir
    private Path directory;

    @Test
    void theJobsOfACrontabRunAsPipelines() throws IOException {
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.writeString(home.resolve("greeting"), "hello from home\n");
        Path crontab = Files.writeString(directory.resolve("crontab"), """
                HOME=%s
                NAME="Ada $USER ${{ x }}"
                0 0 1 1 * cat greeting
                0 0 1 1 * cat - greeting%%one%%it's 100\\%%%%
                0 0 1 1 * false; echo "$NAME" | grep -c nothing; echo "$SHELL_IS_NOT_SET"; pwd
                """.formatted(home));
        Path pipelines = directory.resolve("pipelines");
        Cli.execute("import", "crontab", crontab.toString(), "-d", pipelines.toString(), "--timezone", "Asia/Tokyo")
                .ended(0);
        Cli.execute("apply", pipelines.toString()).ended(0);

        Map<String, String> outputs = new TreeMap<>();
        for (String pipeline : new String[] {"cat_greeting", "cat_greeting_2", "job_false"}) {
            Path file = pipelines.resolve(pipeline + ".yaml");
            assertThat(file).exists();
            Cli.execute("trigger", pipeline, "--key", "imported", "--wait").ended(0);
            JsonNode run = Cli.execute("runs", "--key", "imported", "--pipeline", pipeline, "-o", "json")
                    .ended(0)
                    .json()
                    .path("runs")
                    .path(0);
            outputs.put(
                    pipeline,
                    Cli.execute("logs", run.path("id").asText(), "command")
                            .ended(0)
                            .out());
        }

        assertThat(outputs.get("cat_greeting")).isEqualTo("hello from home\n");
        assertThat(outputs.get("cat_greeting_2")).isEqualTo("one\nit's 100%\nhello from home\n");
        assertThat(outputs.get("job_false")).isEqualTo("0\n\n" + home.toRealPath() + "\n");
        assertThat(Cli.execute("triggers", "cat_greeting").ended(0).out())
                .contains("crontab", "0 0 1 1 * (Asia/Tokyo)");
    }
}

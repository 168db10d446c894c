package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.config.Settings;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/workers.md to the code. */
class WorkersGuideTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\\n(package .*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("public final class (\\w+)");
    private static final Pattern SETTING = Pattern.compile("(?m)^\\| `(worker\\.[a-z.]+)` \\| (`[^`]+`)?");

    @TempDir
    Path directory;

    private static String guide() throws IOException {
        return Files.readString(Path.of("..", "docs", "workers.md"));
    }

    @Test
    void theExamplesCompile() throws IOException {
        List<String> programs =
                PROGRAM.matcher(guide()).results().map(found -> found.group(1)).toList();
        assertThat(programs).hasSize(2);
        List<Path> sources = new ArrayList<>();
        for (String program : programs) {
            String name = CLASS.matcher(program)
                    .results()
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElseThrow();
            sources.add(Files.writeString(directory.resolve(name + ".java"), program));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-d",
                    directory.toString(),
                    "-proc:none",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            assertThat(compiler.getTask(
                                    complaints, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                            .call())
                    .as(complaints::toString)
                    .isTrue();
        }
    }

    @Test
    void theSettingsAreThoseThatAreReadWithTheirDefaults() throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> keys = new ArrayList<>();
        for (MatchResult row : SETTING.matcher(guide()).results().toList()) {
            keys.add(row.group(1));
            if (row.group(2) != null) {
                settings.put(row.group(1), row.group(2).replace("`", ""));
            }
        }
        assertThat(keys).hasSize(16);
        settings.put("worker.id", "w");
        Settings given = Settings.of(settings);
        WorkerConfig config = WorkerConfig.read(given);
        given.finish();
        WorkerConfig standard = WorkerConfig.read(Settings.of(Map.of("worker.id", "w")));
        assertThat(config).isEqualTo(standard.withSecrets(config.resources().secrets()));
        keys.forEach(key -> {
            Settings wrong = Settings.of(Map.of(key, key.equals("worker.directory") ? "\0" : "?!"));
            wrong.reading(WorkerConfig::read);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(wrong::finish))
                    .as(key)
                    .hasMessageContaining(key)
                    .hasMessageNotContaining("unknown");
        });
    }
}

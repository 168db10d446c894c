package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.file.ParsedTests;
import io.millrace.testkit.file.TestFiles;
import io.millrace.testkit.file.TestResult;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/testing.md to the code: its example is read, compiled and executed as it stands there. */
class TestingGuideTest {
    private static final Pattern FILE = Pattern.compile("```yaml\\n# (\\S+\\.yaml)\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PROGRAM = Pattern.compile("```java\\n(package .*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    private String guide = "";

    @BeforeEach
    void writeTheFilesOfTheGuide() throws IOException {
        guide = Files.readString(Path.of("..", "docs", "testing.md"));
        List<MatchResult> files = FILE.matcher(guide).results().toList();
        assertThat(files).hasSize(2);
        for (MatchResult file : files) {
            Files.writeString(directory.resolve(file.group(1)), file.group(2));
        }
    }

    @Test
    void theTestsOfTheExamplePass() throws IOException {
        ParsedTests parsed = TestFiles.read(directory.resolve("fraud_score.test.yaml"));

        assertThat(parsed.problems()).isEmpty();
        List<TestResult> results = parsed.tests().orElseThrow().tests().stream()
                .map(TestResult::of)
                .toList();
        assertThat(results).hasSize(5).allSatisfy(result -> {
            assertThat(result.errors()).isEmpty();
            assertThat(result.mismatches()).isEmpty();
            assertThat(result.warnings()).isEmpty();
        });
    }

    @Test
    void theTestsInJavaPass() throws Exception {
        List<String> programs =
                PROGRAM.matcher(guide).results().map(found -> found.group(1)).toList();
        assertThat(programs).hasSize(1);
        String program =
                programs.get(0).replace("\"fraud_score.yaml\"", "\"" + directory.resolve("fraud_score.yaml") + "\"");
        compile(Files.writeString(directory.resolve("FraudScoreTest.java"), program));

        int executed = 0;
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
            Class<?> tests = loader.loadClass("com.example.FraudScoreTest");
            for (Method method : tests.getMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    method.invoke(tests.getConstructor().newInstance());
                    executed++;
                }
            }
        }
        assertThat(executed).isEqualTo(2);
    }

    private void compile(Path source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-d",
                    directory.toString(),
                    "-proc:none",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            assertThat(compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(source))
                            .call())
                    .as(complaints::toString)
                    .isTrue();
        }
    }
}

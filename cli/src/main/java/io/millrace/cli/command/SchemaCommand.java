package io.millrace.cli.command;

import io.millrace.pipeline.Pipeline;
import io.millrace.testkit.file.TestFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "schema",
        description = "Print the JSON Schema of pipeline files, or of their tests, for editors.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace schema > pipeline.schema.json",
            "  millrace schema --test > pipeline-test.schema.json",
            "",
            "VS Code with the YAML extension, and every editor with yaml-language-server: as the first line of a pipeline",
            "  # yaml-language-server: $schema=pipeline.schema.json",
            "or, in settings.json, for all of them:  \"yaml.schemas\": {\"pipeline.schema.json\": \"pipelines/*.yaml\"}",
            "IntelliJ: Settings, Languages & Frameworks, Schemas and DTDs, JSON Schema Mappings (draft 2020-12)."
        })
final class SchemaCommand implements Callable<Integer> {
    private static final String FILE = "pipeline.schema.json";
    private static final String TEST_FILE = "pipeline-test.schema.json";

    private final MillraceCommand millrace;

    @Option(names = "--test", description = "That of *.test.yaml files.")
    private boolean test;

    SchemaCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    /** The answer is JSON, whatever the format. */
    @Override
    public Integer call() {
        millrace.terminal().print(test ? schema(TestFile.class, TEST_FILE) : schema(Pipeline.class, FILE));
        return ExitCode.DONE.number();
    }

    private static String schema(Class<?> beside, String name) {
        try (InputStream file = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

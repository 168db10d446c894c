package io.millrace.cli.command;

import io.millrace.pipeline.Pipeline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "schema",
        description = "Print the JSON Schema of pipeline files, for editors.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace schema > pipeline.schema.json",
            "",
            "VS Code with the YAML extension, and every editor with yaml-language-server: as the first line of a pipeline",
            "  # yaml-language-server: $schema=pipeline.schema.json",
            "or, in settings.json, for all of them:  \"yaml.schemas\": {\"pipeline.schema.json\": \"pipelines/*.yaml\"}",
            "IntelliJ: Settings, Languages & Frameworks, Schemas and DTDs, JSON Schema Mappings (draft 2020-12)."
        })
final class SchemaCommand implements Callable<Integer> {
    private static final String FILE = "pipeline.schema.json";

    private final MillraceCommand millrace;

    SchemaCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    /** The answer is JSON, whatever the format. */
    @Override
    public Integer call() {
        millrace.terminal().print(schema());
        return ExitCode.DONE.number();
    }

    private static String schema() {
        try (InputStream file = Objects.requireNonNull(Pipeline.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

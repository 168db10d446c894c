package io.millrace.cli.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pipeline file with the files that its tasks name, as it is sent to a coordinator.
 *
 * @param fileName how errors call the file
 * @param source the YAML to the letter
 * @param files by path relative to the YAML file, with forward slashes
 */
public record PipelineBundle(String fileName, String source, Map<String, BundledFile> files) {
    /**
     * Reads the named files from beside the pipeline file. They must be there: see {@code validate}.
     *
     * @throws UncheckedIOException when one cannot be read
     */
    public static PipelineBundle of(Path file, String source, Collection<String> paths) {
        Path folder = file.toAbsolutePath().getParent();
        Map<String, BundledFile> files = new TreeMap<>();
        for (String path : paths) {
            files.put(path, BundledFile.read(folder == null ? Path.of(path) : folder.resolve(path)));
        }
        Path name = file.getFileName();
        return new PipelineBundle(name == null ? file.toString() : name.toString(), source, files);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object().put("source", source).put("file_name", fileName);
        ObjectNode members = json.putObject("files");
        files.forEach((path, file) -> members.putObject(path)
                .put("content", Base64.getEncoder().encodeToString(file.content()))
                .put("executable", file.executable()));
        return json;
    }

    /** The bytes of a file, and whether its owner may execute it. */
    @SuppressWarnings("ArrayRecordComponent") // Not compared, only sent.
    public record BundledFile(byte[] content, boolean executable) {
        static BundledFile read(Path file) {
            try {
                return new BundledFile(Files.readAllBytes(file), Files.isExecutable(file));
            } catch (IOException e) {
                throw new UncheckedIOException("the file " + file + " cannot be read", e);
            }
        }
    }
}

package io.millrace.worker.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The rows of a file with a JSON object, or list, on each line; empty lines count for nothing. */
public final class JsonLines implements RowSource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedReader reader;
    private long line;

    /** Opens a file in UTF-8. */
    public JsonLines(Path file) throws IOException {
        reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable JsonNode next() throws IOException, SqlFault {
        String text = reader.readLine();
        while (text != null && text.isBlank()) {
            line++;
            text = reader.readLine();
        }
        if (text == null) {
            return null;
        }
        line++;
        try {
            JsonNode row = JSON.readTree(text);
            if (row.isContainerNode()) {
                return row;
            }
        } catch (JsonProcessingException isNoRow) {
            throw noRow();
        }
        throw noRow();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private SqlFault noRow() {
        return SqlFault.permanent("Line " + line + " of the file is no JSON object.");
    }
}

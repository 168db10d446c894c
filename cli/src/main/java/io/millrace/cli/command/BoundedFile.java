package io.millrace.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files of which only so much is wanted: a large one, or a device that never ends, does not take the memory. */
final class BoundedFile {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final String what;
    private final Path path;

    /** @param what how sentences call it, such as "file" or "file of inputs" */
    BoundedFile(String what, Path path) {
        this.what = what;
        this.path = path;
    }

    /**
     * All of its bytes, or one more than are wanted.
     *
     * @throws UsageException when it cannot be read
     */
    byte[] bytes(int most) {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(most + 1);
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no " + what + " " + path, e);
        } catch (IOException e) {
            throw new UsageException("the " + what + " " + path + " cannot be read: " + reason(e), e);
        }
    }

    /**
     * Its text, without a byte order mark.
     *
     * @throws UsageException when it cannot be read, is larger, or is not UTF-8
     */
    String text(int most) {
        byte[] bytes = bytes(most);
        if (bytes.length > most) {
            throw new UsageException("the " + what + " " + path + " has more than " + most + " bytes");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UsageException("the " + what + " " + path + " is not UTF-8", e);
        }
    }

    private String reason(IOException e) {
        if (Files.isDirectory(path)) {
            return "it is a directory";
        }
        if (e instanceof AccessDeniedException) {
            return "this user may not read it";
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}

package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The identity of a definition's content. Every part is preceded by its length, so that no two contents read alike. */
final class Digest {
    private final MessageDigest sha;

    private Digest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    static String of(String source, List<PipelineFile> sortedFiles) {
        Digest digest = new Digest();
        digest.add(source);
        for (PipelineFile file : sortedFiles) {
            digest.add(file.getPath());
            digest.sha.update((byte) (file.getExecutable() ? 1 : 0));
            digest.add(file.getContent().duplicate());
        }
        return HexFormat.of().formatHex(digest.sha.digest());
    }

    private void add(String text) {
        add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void add(ByteBuffer bytes) {
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.remaining()).flip());
        sha.update(bytes);
    }
}

package io.millrace.coordinator.webhook;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells bodies apart. */
final class Digest {
    private static final int CHARACTERS = 32;

    private Digest() {}

    /** The first half of the SHA-256 of a body, in hexadecimal. */
    static String of(byte[] body) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256").digest(body);
            return HexFormat.of().formatHex(whole).substring(0, CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

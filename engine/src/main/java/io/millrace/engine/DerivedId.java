package io.millrace.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Ids that are derived from what they stand for: the first 130 bits of a SHA-256, in Crockford's base 32 in lower case. */
public final class DerivedId {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final char[] ALPHABET = DIGITS.toCharArray();
    private static final int LENGTH = 26;

    private DerivedId() {}

    /** Whether a text has the form of such an id. */
    public static boolean isValid(String text) {
        return text.length() == LENGTH && text.chars().allMatch(character -> DIGITS.indexOf(character) >= 0);
    }

    /** The id that these parts give. They are preceded by their length, so that no two lists of parts give the same bytes. */
    public static String of(String... parts) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            sha.update(bytes);
        }
        return base32(sha.digest());
    }

    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder(LENGTH);
        int buffer = 0;
        int bits = 0;
        for (int i = 0; text.length() < LENGTH; i++) {
            buffer = (buffer << 8 | bytes[i] & 0xff) & 0xfff;
            bits += 8;
            while (bits >= 5 && text.length() < LENGTH) {
                bits -= 5;
                text.append(ALPHABET[buffer >>> bits & 31]);
            }
        }
        return text.toString();
    }
}

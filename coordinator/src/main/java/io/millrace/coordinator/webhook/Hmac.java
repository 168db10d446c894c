package io.millrace.coordinator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC with SHA-256 (RFC 2104), and comparisons that take as long wherever two values differ. */
final class Hmac {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private Hmac() {}

    /** The code of a text followed by a body. @param key not empty */
    static byte[] of(byte[] key, String text, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(text.getBytes(UTF_8));
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM + ", and it takes any key", e);
        }
    }

    static boolean isHexOf(byte[] code, String written) {
        return equal(hex(written), code);
    }

    static boolean isBase64Of(byte[] code, String written) {
        return equal(base64(written).filter(bytes -> bytes.length == BYTES), code);
    }

    /** Whether two texts are the same; their lengths may be told from the time that it takes, and nothing else. */
    static boolean isSame(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(UTF_8), expected.getBytes(UTF_8));
    }

    static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> hex(String text) {
        if (text.length() != 2 * BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean equal(Optional<byte[]> given, byte[] expected) {
        return given.isPresent() && MessageDigest.isEqual(given.get(), expected);
    }
}

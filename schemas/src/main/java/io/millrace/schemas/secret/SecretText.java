package io.millrace.schemas.secret;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What files and programs give as the value of a secret: UTF-8 text of at most 64 KiB, whose last line end is not part of it. */
final class SecretText {
    static final int MAX_BYTES = 64 * 1024;

    private SecretText() {}

    static String of(String name, String provider, byte[] bytes) throws SecretException {
        if (bytes.length > MAX_BYTES) {
            throw SecretException.permanent("The secret '" + name + "' is refused: it has over " + MAX_BYTES
                    + " bytes (64 KiB) in " + provider + ".");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw SecretException.permanent(
                    "The secret '" + name + "' is refused: it is no UTF-8 text in " + provider + ".");
        }
        // Editors and `echo` end a file with a line end that nobody means.
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}

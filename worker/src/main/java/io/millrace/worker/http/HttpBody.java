package io.millrace.worker.http;

import java.nio.charset.StandardCharsets;

/**
 * What a call sends.
 *
 * @param contentType its type, unless the call's own headers say another
 * @param bytes the content; never changed
 * @param secret whether there is a secret in it, so that no other host may get it
 */
public record HttpBody(String contentType, byte[] bytes, boolean secret) {
    /** A text in UTF-8. */
    public static HttpBody text(String contentType, String text, boolean secret) {
        return new HttpBody(contentType, text.getBytes(StandardCharsets.UTF_8), secret);
    }
}

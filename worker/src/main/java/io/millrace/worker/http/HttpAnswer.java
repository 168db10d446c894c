package io.millrace.worker.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answered.
 *
 * @param status such as 200
 * @param reason what the server calls it; may be empty
 * @param headers by name in lower case; of a header that stands several times the values with a comma between
 * @param bytes the body, empty when it is in a file; never changed
 * @param size how many bytes the body has, wherever it is
 */
public record HttpAnswer(int status, String reason, Map<String, String> headers, byte[] bytes, long size) {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([A-Za-z0-9._:-]+)");
    private static final Pattern JSON = Pattern.compile("(?i)\\s*application/([a-z0-9.+-]+\\+)?json\\b.*");

    /** Copies the headers. */
    public HttpAnswer {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Whether the server says that the body is JSON. */
    public boolean isJson() {
        return JSON.matcher(type()).matches();
    }

    /** The type of the body, as the server says it; may be empty. */
    public String type() {
        return headers.getOrDefault("content-type", "");
    }

    /** The body as text, in the character set that the server names, else in UTF-8; empty when it is none. */
    public Optional<String> text() {
        Matcher named = CHARSET.matcher(type());
        try {
            Charset charset = named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
            String text = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
        } catch (CharacterCodingException | IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
}

package io.millrace.worker.secret;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.schemas.secret.SecretSource;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The forms in which the value of a secret may show itself: as it is, each of its lines, in base64 (also within a longer text in base64, and with its
 * lines wrapped), URL-encoded, and escaped for JSON, XML and a shell. A form of fewer than four characters is none, for it would hide half of every text.
 */
final class MaskedForms {
    static final int SHORTEST = SecretSource.SHORTEST;

    private final Set<String> forms = new LinkedHashSet<>();

    private MaskedForms() {}

    static Set<String> of(String value) {
        MaskedForms all = new MaskedForms();
        all.text(value);
        all.text(value.strip());
        all.base64(value);
        all.base64(value + "\n");
        value.lines().forEach(line -> {
            all.text(line);
            all.text(line.strip());
        });
        return all.forms;
    }

    private void text(String text) {
        add(text);
        String json = new String(JsonStringEncoder.getInstance().quoteAsString(text));
        add(json);
        add(json.replace("/", "\\/"));
        add(ascii(json));
        String url = URLEncoder.encode(text, StandardCharsets.UTF_8);
        add(url);
        add(url.replace("+", "%20"));
        add(lowerHex(url));
        add(lowerHex(url.replace("+", "%20")));
        add(text.replace("'", "'\\''"));
        String xml = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        add(xml);
        add(xml.replace("\"", "&quot;").replace("'", "&#39;"));
    }

    /** Base64 of a longer text shows the value in one of three forms, by where it begins in a group of three bytes. */
    private void base64(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = new byte[shift + bytes.length];
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // The characters that hold bits of a neighbour as well are not known.
            int from = shift == 0 ? 0 : shift + 1;
            int to = shifted.length % 3 == 0 ? encoded.length() : encoded.length() - 1;
            base64Text(encoded.substring(Math.min(from, to), to));
        }
        String whole = Base64.getEncoder().encodeToString(bytes);
        base64Text(whole);
        wrapped(whole, 64);
        wrapped(whole, 76);
    }

    private void base64Text(String text) {
        add(text);
        add(text.replace('+', '-').replace('/', '_'));
    }

    private void wrapped(String text, int width) {
        for (int at = 0; at < text.length() && text.length() > width; at += width) {
            base64Text(text.substring(at, Math.min(at + width, text.length())));
        }
    }

    private void add(String form) {
        if (form.length() >= SHORTEST && !form.isBlank()) {
            forms.add(form);
        }
    }

    private static String ascii(String text) {
        StringBuilder ascii = new StringBuilder();
        text.chars().forEach(c -> {
            if (c < 128) {
                ascii.append((char) c);
            } else {
                ascii.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return ascii.toString();
    }

    private static String lowerHex(String url) {
        StringBuilder lower = new StringBuilder(url);
        for (int at = lower.indexOf("%"); at >= 0; at = lower.indexOf("%", at + 1)) {
            String hex = lower.substring(at + 1, at + 3).toLowerCase(Locale.ROOT);
            lower.replace(at + 1, at + 3, hex);
        }
        return lower.toString();
    }
}

package io.millrace.pipeline;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with the URL of a mail server as far as it is written in the file; what expressions add is checked by the worker. */
final class MailServerCheck {
    static final String RULE = "a URL such as smtp://mail.example.org:587 or smtps://mail.example.org";

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*", Pattern.DOTALL);
    private static final Pattern WHOLE = Pattern.compile(
            "[^:]+://(?<user>[^/?#@]*@)?(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>[0-9]{1,9}))?(?<rest>(?:[/?#].*)?)");
    private static final int HIGHEST_PORT = 65_535;
    private static final String OPEN = "${{";

    private MailServerCheck() {}

    static Optional<String> fault(String url) {
        int expression = url.indexOf(OPEN);
        String written = expression < 0 ? url : url.substring(0, expression);
        if (written.isEmpty() && expression == 0) {
            return Optional.empty();
        }
        if (written.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            return Optional.of("the URL holds a space or a control character");
        }
        Optional<String> scheme = scheme(written);
        if (scheme.isEmpty()) {
            return Optional.of("the URL has no scheme");
        }
        if (!scheme.get().equals("smtp") && !scheme.get().equals("smtps")) {
            return Optional.of("the scheme of the URL is " + scheme.get() + ", neither smtp nor smtps");
        }
        return expression < 0 ? whole(url) : Optional.empty();
    }

    /** Whether the connection is encrypted from its beginning, whatever expressions add. */
    static boolean isEncrypted(String url) {
        return scheme(url).filter("smtps"::equals).isPresent();
    }

    private static Optional<String> scheme(String url) {
        Matcher scheme = SCHEME.matcher(url);
        return scheme.matches() ? Optional.of(scheme.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static Optional<String> whole(String url) {
        Matcher parts = WHOLE.matcher(url);
        if (!parts.matches()) {
            return Optional.of("the URL names no host");
        }
        if (parts.group("user") != null) {
            return Optional.of("the URL holds a user or a password; these are for `user` and `password`");
        }
        if (parts.group("port") != null) {
            int port = Integer.parseInt(parts.group("port"));
            if (port == 0 || port > HIGHEST_PORT) {
                return Optional.of("the port of the URL is " + parts.group("port"));
            }
        }
        String rest = parts.group("rest");
        return rest.isEmpty() || rest.equals("/")
                ? Optional.empty()
                : Optional.of("the URL of a mail server ends with its host and port");
    }
}

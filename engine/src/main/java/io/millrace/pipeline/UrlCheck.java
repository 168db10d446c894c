package io.millrace.pipeline;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with a URL as far as it is written in the file; what expressions add is checked by the worker. */
final class UrlCheck {
    static final String RULE = "a URL such as https://example.org/orders";

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*", Pattern.DOTALL);
    /** As much of RFC 3986 as tells a slip from a URL; what is called is for the worker to judge. */
    private static final Pattern WHOLE = Pattern.compile(
            "[^:]+://(?<user>[^/?#@]*@)?(?<host>[A-Za-z0-9._~%-]+|\\[[0-9A-Fa-f:.]+])(:(?<port>[0-9]{1,9})?)?(?<rest>([/?#].*)?)");

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern ILLEGAL = Pattern.compile("[<>\"{}|\\\\^`]|#.*#");
    private static final int HIGHEST_PORT = 65_535;
    private static final String OPEN = "${{";

    private UrlCheck() {}

    static Optional<String> fault(String url) {
        int expression = url.indexOf(OPEN);
        String written = expression < 0 ? url : url.substring(0, expression);
        if (written.isEmpty() && expression == 0) {
            return Optional.empty();
        }
        if (written.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            return Optional.of("the URL holds a space or a control character");
        }
        Matcher scheme = SCHEME.matcher(written);
        if (!scheme.matches()) {
            return Optional.of("the URL has no scheme");
        }
        String name = scheme.group(1).toLowerCase(Locale.ROOT);
        if (!name.equals("http") && !name.equals("https")) {
            return Optional.of("the scheme of the URL is " + name + ", neither http nor https");
        }
        return expression < 0 ? whole(url) : Optional.empty();
    }

    private static Optional<String> whole(String url) {
        Matcher parts = WHOLE.matcher(url);
        if (!parts.matches()) {
            return Optional.of("the URL names no host");
        }
        if (parts.group("user") != null) {
            return Optional.of("the URL holds a user or a password; these are for `auth`");
        }
        if (parts.group("port") != null && Integer.parseInt(parts.group("port")) > HIGHEST_PORT) {
            return Optional.of("the port of the URL is " + parts.group("port"));
        }
        if (BROKEN_ESCAPE.matcher(url).find()) {
            return Optional.of("this is no URL: malformed escape pair");
        }
        return ILLEGAL.matcher(parts.group("rest")).find()
                ? Optional.of("this is no URL: a character in it has to be escaped")
                : Optional.empty();
    }
}

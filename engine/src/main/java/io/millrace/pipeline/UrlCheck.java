package io.millrace.pipeline;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with a URL as far as it is written in the file; what expressions add is checked by the worker. */
final class UrlCheck {
    static final String RULE = "a URL such as https://example.org/orders";

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*", Pattern.DOTALL);
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
        try {
            URI uri = new URI(url);
            if (uri.getRawUserInfo() != null) {
                return Optional.of("the URL holds a user or a password; these are for `auth`");
            }
            return uri.getHost() == null || uri.getPort() > 65_535
                    ? Optional.of("the URL names no host")
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.of("this is no URL: " + e.getReason().toLowerCase(Locale.ROOT));
        }
    }
}

package io.millrace.schemas.registry;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the registry is, and who we are there. The password leaves this class only as the value of a header. */
final class RegistryAddress {
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)\\S+@");

    private final String base;
    private final Optional<String> authorization;
    private final String masked;

    RegistryAddress(URI url) {
        var scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "the registry's URL must be http://host:port or https://host:port, not '" + mask(url) + "'");
        }
        var port = url.getPort() < 0 ? "" : ":" + url.getPort();
        var path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
        base = scheme + "://" + url.getHost() + port + path;
        masked = mask(url);
        authorization = Optional.ofNullable(url.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    /** The URI of a resource whose path segments are given unescaped. */
    URI resource(String... segments) {
        var path = new StringBuilder(base);
        for (var segment : segments) {
            path.append('/')
                    .append(URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return URI.create(path.toString());
    }

    Optional<String> authorization() {
        return authorization;
    }

    /** By a pattern, not by the parts of the URI: of a host name that Java does not accept there are none. */
    private static String mask(URI url) {
        return USER_INFO.matcher(url.toString()).replaceAll("****@");
    }

    /** The URL with its user and password masked. */
    @Override
    public String toString() {
        return masked;
    }
}

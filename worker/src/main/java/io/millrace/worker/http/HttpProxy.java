package io.millrace.worker.http;

import io.millrace.schemas.config.Setting;
import io.millrace.schemas.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The proxy by which a worker's calls leave its network. Who runs the worker knows it; pipelines do not.
 *
 * @param host its host
 * @param port its port
 * @param login who the worker is to the proxy; empty where it asks nobody
 * @param bypass the hosts that are called without it: a name stands for itself and all names below it, with a dot before it for those alone, an address
 *     for itself
 */
public record HttpProxy(String host, int port, Optional<Login> login, List<String> bypass) {
    /** What is called without a proxy where nothing is said: this machine. */
    public static final List<String> STANDARD_BYPASS = List.of("localhost", "127.0.0.1", "::1");

    private static final String URL_KEY = "worker.proxy.url";
    private static final String USER_KEY = "worker.proxy.user";
    private static final String PASSWORD_KEY = "worker.proxy.password.secret";
    private static final String BYPASS_KEY = "worker.proxy.bypass";
    private static final String URL_FORM =
            "it must be http://<host>:<port>, with nothing else in it; who the worker is to the proxy stands in "
                    + USER_KEY + " and " + PASSWORD_KEY;
    private static final Pattern USER = Pattern.compile("[^:]{1,200}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern BYPASSED =
            Pattern.compile("\\.?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final int LARGEST_PORT = 65_535;

    /**
     * Who the worker is to the proxy.
     *
     * @param user a name without a colon
     * @param passwordSecret the name of the secret that is the password
     */
    public record Login(String user, String passwordSecret) {}

    /** Copies the list. */
    public HttpProxy {
        bypass = bypass.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * Reads {@code worker.proxy.url}, {@code .user}, {@code .password.secret} and {@code .bypass}; mistakes are noted in the settings. Empty without a
     * URL.
     */
    public static Optional<HttpProxy> read(Settings settings) {
        Setting<URI> url = settings.value(URL_KEY, URI.create("http://localhost:1"), HttpProxy::address);
        Setting<String> user = settings.string(USER_KEY, USER, "a user without a colon");
        Setting<String> secret = settings.string(PASSWORD_KEY, SECRET, "the name of a secret, not a password");
        Setting<List<String>> bypass = settings.value(BYPASS_KEY, STANDARD_BYPASS, HttpProxy::names);
        requireBeside(settings, PASSWORD_KEY, secret, USER_KEY, user);
        requireBeside(settings, USER_KEY, user, PASSWORD_KEY, secret);
        requireBeside(settings, URL_KEY, url, USER_KEY, user);
        requireBeside(settings, URL_KEY, url, BYPASS_KEY, bypass);
        Optional<Login> login =
                user.optional().flatMap(name -> secret.optional().map(password -> new Login(name, password)));
        return url.optional()
                .map(found -> new HttpProxy(
                        found.getHost().replaceAll("[\\[\\]]", ""),
                        found.getPort(),
                        login,
                        bypass.or(STANDARD_BYPASS)));
    }

    /** A setting that says nothing without another. */
    private static void requireBeside(
            Settings settings, String key, Setting<?> needed, String otherKey, Setting<?> other) {
        if (other.isGiven() && !needed.isGiven()) {
            settings.mistake(key, "it must be set, since " + otherKey + " is");
        }
    }

    /** Whether this host is called by the proxy. */
    boolean serves(String calledHost) {
        String name = calledHost.toLowerCase(Locale.ROOT);
        return bypass.stream()
                .noneMatch(each ->
                        each.startsWith(".") ? name.endsWith(each) : name.equals(each) || name.endsWith("." + each));
    }

    /** Its address as it is written in the settings. */
    @Override
    public String toString() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static URI address(String text) {
        try {
            URI url = new URI(text);
            boolean named = "http".equalsIgnoreCase(url.getScheme()) && url.getHost() != null;
            boolean bare = named
                    && url.getRawUserInfo() == null
                    && Set.of("", "/").contains(url.getRawPath())
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
            if (bare && url.getPort() > 0 && url.getPort() <= LARGEST_PORT) {
                return url;
            }
        } catch (URISyntaxException isNone) {
            throw new IllegalArgumentException(URL_FORM, isNone);
        }
        throw new IllegalArgumentException(URL_FORM);
    }

    private static List<String> names(String text) {
        List<String> names =
                Pattern.compile(",").splitAsStream(text).map(String::strip).toList();
        if (names.isEmpty()
                || !names.stream().allMatch(name -> BYPASSED.matcher(name).matches())) {
            throw new IllegalArgumentException(
                    "it must be names of hosts such as example.org or .example.org, and addresses, separated by commas");
        }
        return names;
    }
}

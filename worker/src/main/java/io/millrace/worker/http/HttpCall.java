package io.millrace.worker.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One call as it is to be made, redirects included.
 *
 * @param method such as {@code POST}
 * @param url where to, with its query
 * @param headers what is sent beside the body's type, by name in lower case
 * @param body what is sent, if anything
 * @param limit how long all of it may take; empty for no limit of its own
 * @param redirects how many redirects are followed; with 0, a redirect is an answer as any other
 * @param answer where the answer's body is put, and how large it may be
 * @param wanted with which statuses the call counts as successful
 * @param transients after which statuses another attempt may help
 */
public record HttpCall(
        String method,
        URI url,
        Map<String, String> headers,
        Optional<HttpBody> body,
        Optional<Duration> limit,
        int redirects,
        AnswerBody answer,
        Statuses wanted,
        Statuses transients) {
    /** What tells another host nothing about who calls. */
    private static final Set<String> HARMLESS = Set.of("accept", "accept-language", "content-type", "user-agent");

    private static final int LONGEST_URL = 8_000;

    /** Copies the headers. */
    public HttpCall {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /**
     * The URL that a text is.
     *
     * @throws HttpFault when it is none that can be called; the message does not quote what might be secret
     */
    public static URI url(String text) throws HttpFault {
        if (text.length() > LONGEST_URL) {
            throw refused("the URL has " + text.length() + " characters; the limit is " + LONGEST_URL);
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw refused("this is no URL: " + e.getReason().toLowerCase(Locale.ROOT));
        }
        String scheme = url.getScheme();
        if (scheme == null) {
            throw refused("the URL has no scheme");
        }
        if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw refused("the scheme of the URL is " + scheme + ", neither http nor https");
        }
        if (url.getRawUserInfo() != null) {
            throw refused("the URL holds a user or a password; these are for `auth`");
        }
        if (url.getHost() == null || url.getPort() > 65_535) {
            throw refused("the URL names no host");
        }
        return url;
    }

    boolean isEncrypted() {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /** The host as it is looked up: an address of IPv6 without its brackets. */
    String host() {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return url.getPort() > 0 ? url.getPort() : isEncrypted() ? 443 : 80;
    }

    /** Path and query, as they are sent. */
    String target() {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /** The method and the URL for people: without its query, in which there may be secrets. */
    String name() {
        String port = url.getPort() > 0 ? ":" + url.getPort() : "";
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return method + " " + url.getScheme() + "://" + url.getHost() + port + path;
    }

    /**
     * The call that follows from a redirect, as browsers and curl do it: after 303, and after a POST that is answered by 301 or 302, it is a GET. Another
     * host is told nothing about who calls, and gets no body with a secret.
     *
     * @throws HttpFault when the redirect cannot be followed
     */
    HttpCall redirected(int status, String location) throws HttpFault {
        URI next;
        try {
            next = url(url.resolve(new URI(location)).toString());
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw HttpFault.permanent(HttpFault.Kind.UNREADABLE, name() + " redirects to something that is no URL.");
        }
        boolean turns =
                status == 303 && !method.equals("HEAD") || (status == 301 || status == 302) && method.equals("POST");
        boolean plain = isEncrypted() && !"https".equalsIgnoreCase(next.getScheme());
        if (plain) {
            throw HttpFault.permanent(
                    HttpFault.Kind.REFUSED,
                    name() + " redirects from https to " + next.getScheme() + "; that is not followed.");
        }
        Map<String, String> sent = new LinkedHashMap<>(headers);
        HttpCall call = new HttpCall(
                turns ? "GET" : method,
                next,
                headers,
                turns ? Optional.empty() : body,
                limit,
                redirects - 1,
                answer,
                wanted,
                transients);
        if (turns) {
            sent.remove("content-type");
            sent.remove("idempotency-key");
            sent.keySet().removeAll(WebhookSigner.HEADERS);
        }
        if (!isSameHost(call)) {
            sent.keySet().retainAll(HARMLESS);
            if (call.body().filter(HttpBody::secret).isPresent()) {
                throw HttpFault.permanent(
                        HttpFault.Kind.REFUSED,
                        name() + " redirects to " + next.getHost()
                                + ", another host, to which a body with a secret is not sent.");
            }
        }
        return call.with(sent);
    }

    /** What is wrong with an answer that is larger than it may be. */
    HttpFault overLimit() {
        return HttpFault.permanent(
                HttpFault.Kind.LIMIT,
                name() + " answers with a body over the limit " + answer.limit() + " of " + answer.maxBytes()
                        + " bytes.");
    }

    private boolean isSameHost(HttpCall other) {
        return url.getHost().equalsIgnoreCase(other.url.getHost())
                && port() == other.port()
                && isEncrypted() == other.isEncrypted();
    }

    private HttpCall with(Map<String, String> newHeaders) {
        return new HttpCall(method, url, newHeaders, body, limit, redirects, answer, wanted, transients);
    }

    private static HttpFault refused(String sentence) {
        return HttpFault.permanent(HttpFault.Kind.REFUSED, "The call cannot be made: " + sentence + ".");
    }
}

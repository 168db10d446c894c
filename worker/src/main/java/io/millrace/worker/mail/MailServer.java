package io.millrace.worker.mail;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where messages are handed in, and whether the way there is encrypted.
 *
 * @param host its name or address; one of IPv6 without brackets
 * @param port 1 to 65535
 * @param tls how the connection becomes encrypted
 */
public record MailServer(String host, int port, Tls tls) {
    /** How a connection becomes encrypted. */
    public enum Tls {
        /** It is from its beginning (RFC 8314). */
        IMPLICIT,
        /** By STARTTLS, or nothing is sent. */
        REQUIRED,
        /** By STARTTLS where the server offers it; who sits between can take the offer away. */
        OPTIONAL,
        /** It does not. */
        NONE
    }

    private static final Pattern URL = Pattern.compile(
            "(?<scheme>[A-Za-z]+)://(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>[0-9]{1,5}))?/?");
    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|::1");
    private static final int SUBMISSION = 587;
    private static final int SUBMISSIONS = 465;
    private static final int HIGHEST_PORT = 65_535;

    /**
     * The server that a URL names.
     *
     * @param url {@code smtp://} or {@code smtps://} with a host, and a port unless it is 587 or 465
     * @param tls {@code required}, {@code optional} or {@code none}, with {@code smtp}; empty for required, but none to this machine itself
     * @throws MailFault when it names none; the message does not quote what might be secret
     */
    public static MailServer of(String url, Optional<String> tls) throws MailFault {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw refused("this is no URL such as smtp://mail.example.org:587");
        }
        String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
        boolean implicit = scheme.equals("smtps");
        if (!implicit && !scheme.equals("smtp")) {
            throw refused("the scheme of the URL is " + scheme + ", neither smtp nor smtps");
        }
        String written = parts.group("host");
        String host = written.startsWith("[") ? written.substring(1, written.length() - 1) : written;
        int port = parts.group("port") == null
                ? implicit ? SUBMISSIONS : SUBMISSION
                : Integer.parseInt(parts.group("port"));
        if (port == 0 || port > HIGHEST_PORT) {
            throw refused("the port of the URL is " + port);
        }
        return new MailServer(host, port, implicit ? implicit(tls) : explicit(tls, host));
    }

    /** The server for people. */
    @Override
    public String toString() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return (tls == Tls.IMPLICIT ? "smtps://" : "smtp://") + shown + ":" + port;
    }

    private static Tls implicit(Optional<String> tls) throws MailFault {
        if (tls.isPresent()) {
            throw refused("`tls` does not go with smtps, which is encrypted from the beginning");
        }
        return Tls.IMPLICIT;
    }

    private static Tls explicit(Optional<String> tls, String host) throws MailFault {
        if (tls.isEmpty()) {
            return THIS_MACHINE.matcher(host).matches() ? Tls.NONE : Tls.REQUIRED;
        }
        return switch (tls.get()) {
            case "required" -> Tls.REQUIRED;
            case "optional" -> Tls.OPTIONAL;
            case "none" -> Tls.NONE;
            default -> throw refused("`tls` is none of required, optional and none");
        };
    }

    private static MailFault refused(String what) {
        return MailFault.permanent("The mail server cannot be reached: " + what + ".");
    }
}

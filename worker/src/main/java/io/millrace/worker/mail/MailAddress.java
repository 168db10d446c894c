package io.millrace.worker.mail;

import java.net.IDN;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One address of mail (RFC 5322, without comments, groups and quoted local parts), which can be no more than that: nothing in it ends a line.
 *
 * @param local what is before the {@code @}, ASCII
 * @param domain what is behind it, in ASCII: a name with other letters is encoded (RFC 5891)
 * @param name who it is, for people
 */
public record MailAddress(String local, String domain, Optional<String> name) {
    private static final int LONGEST = 320;
    private static final int LONGEST_LOCAL = 64;
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?";
    private static final Pattern ADDRESS = Pattern.compile("(?<local>" + ATOM + "(?:\\." + ATOM + ")*)@(?<domain>"
            + LABEL + "(?:\\." + LABEL + ")*|\\[(?:IPv6:)?[0-9A-Fa-f.:]+])");
    /** A name holds no @ unless it is quoted: two addresses with a comma between them are no address with a name. */
    private static final Pattern NAMED =
            Pattern.compile("(?:\"(?<quoted>[^\"\\\\]*)\"|(?<name>[^\"<>@\\\\]*))\\s*<(?<address>[^<>\"]+)>");

    /**
     * The address that a text is: {@code a@example.org}, or {@code Name <a@example.org>}.
     *
     * @throws MailFault when it is none, or more than one
     */
    public static MailAddress parse(String written) throws MailFault {
        String text = written.strip();
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw refused("an address holds a line end, or another control character");
        }
        if (text.length() > LONGEST) {
            throw refused("an address has " + text.length() + " characters; the limit is " + LONGEST);
        }
        Matcher named = NAMED.matcher(text);
        boolean hasName = named.matches();
        Matcher address = ADDRESS.matcher(hasName ? named.group("address") : text);
        if (!address.matches() || address.group("local").length() > LONGEST_LOCAL) {
            throw refused("\"" + text + "\" is no address");
        }
        String quoted = hasName ? named.group("quoted") : null;
        String plain = hasName ? named.group("name") : null;
        String name = quoted != null ? quoted : plain != null ? plain.strip() : "";
        return new MailAddress(
                address.group("local"),
                ascii(address.group("domain"), text),
                name.isBlank() ? Optional.empty() : Optional.of(name));
    }

    /** As it is given to servers. */
    public String address() {
        return local + "@" + domain;
    }

    private static String ascii(String domain, String text) throws MailFault {
        if (domain.startsWith("[")) {
            return domain;
        }
        try {
            return IDN.toASCII(domain);
        } catch (IllegalArgumentException e) {
            throw refused("\"" + text + "\" is no address");
        }
    }

    private static MailFault refused(String what) {
        return MailFault.permanent("The message cannot be sent: " + what + ".");
    }
}

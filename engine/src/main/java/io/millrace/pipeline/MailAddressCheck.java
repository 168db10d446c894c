package io.millrace.pipeline;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what is wrong with an address of mail (RFC 5322, without comments, groups and quoted local parts) as far as it is written in the file; what
 * expressions add is checked by the worker.
 */
final class MailAddressCheck {
    static final String RULE = "one address, such as ops@example.org or Millrace <ops@example.org>";

    private static final int LONGEST = 320;
    private static final int LONGEST_LOCAL = 64;
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?";
    private static final Pattern ADDRESS = Pattern.compile("(?<local>" + ATOM + "(?:\\." + ATOM + ")*)@(?:" + LABEL
            + "(?:\\." + LABEL + ")*|\\[(?:IPv6:)?[0-9A-Fa-f.:]+])");
    /** A name holds no @ unless it is quoted: two addresses with a comma between them are no address with a name. */
    private static final Pattern NAMED = Pattern.compile("(?:\"[^\"\\\\]*\"|[^\"<>@\\\\]*)\\s*<(?<address>[^<>\"]+)>");

    private static final String OPEN = "${{";

    private MailAddressCheck() {}

    static Optional<String> fault(String written) {
        if (written.contains(OPEN)) {
            return Optional.empty();
        }
        String text = written.strip();
        if (text.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("an address holds a line end, or another control character");
        }
        if (text.length() > LONGEST) {
            return Optional.of("an address has " + text.length() + " characters; the limit is " + LONGEST);
        }
        Matcher named = NAMED.matcher(text);
        Matcher address = ADDRESS.matcher(named.matches() ? named.group("address") : text);
        return address.matches() && address.group("local").length() <= LONGEST_LOCAL
                ? Optional.empty()
                : Optional.of("\"" + text + "\" is no address");
    }
}

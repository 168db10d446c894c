package io.millrace.pipeline;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A string that names a secret and is nothing else: {@code ${{ secrets.<name> }}}. It is no expression: the engine only passes the name on, and the
 * value is known to the worker alone (G9). That is why it can be a whole value only, and not a part of a longer text.
 */
final class SecretReference {
    private static final Pattern WHOLE =
            Pattern.compile("\\s*\\$\\{\\{\\s*secrets\\.([A-Za-z_][A-Za-z0-9_]{0,62})\\s*}}\\s*");

    private SecretReference() {}

    /** The name of the secret that this value is, if it is one. */
    static Optional<String> in(Node value) {
        if (!Nodes.isText(value)) {
            return Optional.empty();
        }
        Matcher matcher = WHOLE.matcher(((ScalarNode) value).getValue());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}

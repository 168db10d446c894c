package io.millrace.schemas.config;

import java.util.List;
import java.util.Objects;

/** The settings cannot be used. The message lists every mistake on a line of its own: key, value, what is allowed. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> mistakes;

    SettingsException(List<String> mistakes) {
        super((mistakes.size() == 1 ? "a setting is wrong:" : mistakes.size() + " settings are wrong:") + "\n  "
                + String.join("\n  ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** Each mistake as a sentence. */
    public List<String> mistakes() {
        return mistakes;
    }

    /** The sentence; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

package io.millrace.cli.command;

import io.millrace.expression.Suggestion;
import java.util.Collection;

/** The word that somebody most likely meant, as the end of an error's sentence. */
final class DidYouMean {
    private DidYouMean() {}

    /** Like "; did you mean 'validate'?": a misspelt word, or the first that begins so; nothing when no word is near. */
    static String among(String typed, Collection<String> words) {
        return Suggestion.of(typed, words)
                .or(() -> words.stream()
                        .filter(word -> word.startsWith(typed))
                        .sorted()
                        .findFirst())
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("");
    }
}

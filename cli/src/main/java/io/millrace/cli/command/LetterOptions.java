package io.millrace.cli.command;

import io.millrace.cli.client.Query;
import io.millrace.event.DeadLetterReason;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which dead letters are meant, where they are not named. */
final class LetterOptions {
    /** The reasons that there are, as the API writes them. */
    static final class Reasons implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(DeadLetterReason.values())
                    .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                    .iterator();
        }
    }

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC",
            description = "Only what was read from this topic, by its full name.")
    private Optional<String> topic = Optional.empty();

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "REASON",
            split = ",",
            completionCandidates = Reasons.class,
            description = "Only for this reason: ${COMPLETION-CANDIDATES}; several with commas.")
    private List<String> reasons = List.of();

    /** @throws UsageException when there is no such reason */
    Query filter() {
        List<String> known = Stream.of(DeadLetterReason.values())
                .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                .toList();
        for (String reason : reasons) {
            if (!known.contains(reason)) {
                throw new UsageException("--reason: there is no reason '" + reason + "'"
                        + DidYouMean.among(reason, known) + " (there are " + String.join(", ", known) + ")");
            }
        }
        return Query.ALL.with("topic", topic).withAny("reason", reasons);
    }
}

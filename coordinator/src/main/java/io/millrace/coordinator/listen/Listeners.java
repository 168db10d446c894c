package io.millrace.coordinator.listen;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.topology.TriggerPauses;
import io.millrace.pipeline.KafkaSource;
import io.millrace.pipeline.PipelineId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who listens to which topic, by the versions that are current and the pauses that are known here. Topics of Millrace itself are nobody's to listen to.
 *
 * <p><b>Threading:</b> safe for any number of threads; never waits.
 */
final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final PipelineCatalogue catalogue;
    private final TriggerPauses pauses;
    private final String ownPrefix;
    private Map<String, List<Listener>> byTopic = Map.of();
    private int changesSeen;
    private long pausesSeen = -1;

    /** @param ownPrefix what the names of Millrace's topics start with; when it is empty, no topic counts as one of them */
    Listeners(PipelineCatalogue catalogue, TriggerPauses pauses, String ownPrefix) {
        this.catalogue = catalogue;
        this.pauses = pauses;
        this.ownPrefix = ownPrefix;
    }

    /** All, by topic, in the order of their ids. A list that is the same object has not changed. */
    synchronized Map<String, List<Listener>> byTopic() {
        List<String> changes = catalogue.changesAfter(changesSeen);
        long pauseChanges = pauses.changes();
        if (!changes.isEmpty() || pauseChanges != pausesSeen) {
            changesSeen += changes.size();
            pausesSeen = pauseChanges;
            byTopic = keepingTheSame(group());
        }
        return byTopic;
    }

    /** Those of one topic, in the order of their ids. */
    List<Listener> of(String topic) {
        return byTopic().getOrDefault(topic, List.of());
    }

    /**
     * Whether a trigger may be there although it is not seen: a newer Millrace has applied what this one cannot read. Then it waits.
     */
    boolean mayBeHidden(ListenerId listener) {
        return catalogue.isUnreadable(new PipelineId(listener.pipeline()));
    }

    private Map<String, List<Listener>> group() {
        Map<String, List<Listener>> grouped = new HashMap<>();
        for (PipelineVersion version : catalogue.known()) {
            version.pipeline().triggers().stream()
                    .flatMap(trigger ->
                            Listener.of(
                                    version,
                                    trigger,
                                    pauses.isPaused(version.id(), trigger.id().value()))
                                    .stream())
                    .filter(this::isAllowed)
                    .forEach(listener -> grouped.computeIfAbsent(
                                    listener.source().topic(), any -> new ArrayList<>())
                            .add(listener));
        }
        grouped.values().forEach(list -> list.sort(Comparator.comparing(Listener::id)));
        return grouped;
    }

    private boolean isAllowed(Listener listener) {
        String topic = listener.source().topic();
        boolean own = topic.startsWith("__") || !ownPrefix.isEmpty() && topic.startsWith(ownPrefix);
        if (own) {
            log.error(
                    "The trigger {} listens to {}, which is no topic of a user's: it is passed over", listener, topic);
        }
        return !own;
    }

    private Map<String, List<Listener>> keepingTheSame(Map<String, List<Listener>> grouped) {
        grouped.replaceAll((topic, now) -> {
            List<Listener> before = byTopic.getOrDefault(topic, List.of());
            return before.equals(now) ? before : List.copyOf(now);
        });
        return Map.copyOf(grouped);
    }

    /**
     * The first of the versions, back from the current one without a gap, in which the trigger listened to this topic already: it has done so since then.
     */
    PipelineVersion since(Listener listener) {
        PipelineVersion first = listener.version();
        Optional<PipelineVersion> before = Optional.of(first);
        while (before.isPresent() && listens(before.get(), listener)) {
            first = before.get();
            before = first.version() == 1 ? Optional.empty() : catalogue.knownVersion(first.id(), first.version() - 1);
        }
        return first;
    }

    private static boolean listens(PipelineVersion version, Listener listener) {
        return version.pipeline().triggers().stream()
                .anyMatch(trigger -> trigger.id().equals(listener.trigger().id())
                        && trigger.source() instanceof KafkaSource source
                        && source.topic().equals(listener.source().topic()));
    }
}

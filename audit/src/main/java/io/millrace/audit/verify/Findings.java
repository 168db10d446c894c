package io.millrace.audit.verify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was checked and found so far. Violations are counted without bound and kept up to one. */
final class Findings {
    private final int mostKept;
    private final Map<Guarantee, Map<String, Long>> checked = new EnumMap<>(Guarantee.class);
    private final Map<Guarantee, Long> violated = new EnumMap<>(Guarantee.class);
    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Long> underWay = new TreeMap<>();
    private final Map<String, Long> passedOver = new TreeMap<>();

    private final List<Duration> noticed = new ArrayList<>();

    Findings(int mostKept) {
        this.mostKept = mostKept;
    }

    /** One more of these was held to the guarantee. @param noun what, in the plural */
    void checked(Guarantee guarantee, String noun) {
        checked.computeIfAbsent(guarantee, key -> new TreeMap<>()).merge(noun, 1L, Long::sum);
    }

    /** One more of these is under way, and nothing can be said of it yet. @param noun what, in the plural */
    void underWay(String noun) {
        underWay.merge(noun, 1L, Long::sum);
    }

    /** One more of these cannot be judged, since it is about what came before the part that is read. @param noun as above */
    void passedOver(String noun) {
        passedOver.merge(noun, 1L, Long::sum);
    }

    /** A lost worker was noticed so long after its last heartbeat. */
    void noticedAfter(Duration silence) {
        noticed.add(silence);
    }

    void violation(Guarantee guarantee, String run, String sentence, Position... records) {
        violated.merge(guarantee, 1L, Long::sum);
        if (violations.size() < mostKept) {
            violations.add(new Violation(guarantee, run, sentence, List.of(records)));
        }
    }

    long violations() {
        return violated.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<Guarantee, Map<String, Long>> checkedByGuarantee() {
        return checked;
    }

    Map<Guarantee, Long> violatedByGuarantee() {
        return violated;
    }

    List<Violation> kept() {
        return violations;
    }

    Map<String, Long> allUnderWay() {
        return underWay;
    }

    List<Duration> noticed() {
        return noticed;
    }

    Map<String, Long> allPassedOver() {
        return passedOver;
    }
}

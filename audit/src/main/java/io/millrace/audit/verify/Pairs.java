package io.millrace.audit.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Pairs records of two topics that belong together. Topics are read side by side, so either may come first; whichever does
 * waits for the other, and both are let go when they have met. What is left belongs to nothing, or comes for the second time.
 */
final class Pairs<K, A, B> {
    private final Map<K, A> firsts = new HashMap<>();
    private final Map<K, B> seconds = new HashMap<>();

    /** One of the first kind. @return what it has been paired with, or empty when it waits */
    Optional<B> first(K key, A first) {
        B second = seconds.remove(key);
        if (second == null) {
            firsts.put(key, first);
        }
        return Optional.ofNullable(second);
    }

    /** One of the second kind. @return what it has been paired with, or empty when it waits */
    Optional<A> second(K key, B second) {
        A first = firsts.remove(key);
        if (first == null) {
            seconds.put(key, second);
        }
        return Optional.ofNullable(first);
    }

    /** Those of the first kind that wait. */
    Map<K, A> firsts() {
        return firsts;
    }

    /** Those of the second kind that wait. */
    Map<K, B> seconds() {
        return seconds;
    }
}

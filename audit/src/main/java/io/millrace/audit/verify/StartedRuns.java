package io.millrace.audit.verify;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * The runs that were seen to begin, each with the second of its last beginning or end: 24 bytes a run at most, so that a
 * trigger repeated much later finds it. A run is told by the first 60 bits of its id, which is a digest: two among a
 * million runs are alike once in a million times.
 */
final class StartedRuns {
    private static final int FIRST_CAPACITY = 1 << 10;
    private static final int BITS_A_CHARACTER = 5;
    private static final int CHARACTERS = 12;
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private long[] keys = new long[FIRST_CAPACITY];
    private int[] seconds = new int[FIRST_CAPACITY];
    private int size;

    boolean contains(String run) {
        return keys[slot(keys, key(run))] != 0;
    }

    /** Whether the run began or ended less than so long before. */
    boolean containsSince(String run, Instant now, Duration span) {
        int slot = slot(keys, key(run));
        return keys[slot] != 0 && now.getEpochSecond() - seconds[slot] < span.toSeconds();
    }

    void put(String run, Instant at) {
        if (2 * size >= keys.length) {
            grow();
        }
        long key = key(run);
        int slot = slot(keys, key);
        if (keys[slot] == 0) {
            keys[slot] = key;
            size++;
        }
        seconds[slot] = (int) at.getEpochSecond();
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldSeconds = seconds;
        keys = Arrays.copyOf(new long[0], 2 * oldKeys.length);
        seconds = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                seconds[slot] = oldSeconds[i];
            }
        }
    }

    private static int slot(long[] table, long key) {
        int slot = Long.hashCode(key) & table.length - 1;
        while (table[slot] != 0 && table[slot] != key) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    /** Never 0. */
    private static long key(String run) {
        long key = 1;
        for (int i = 0; i < Math.min(CHARACTERS, run.length()); i++) {
            key = key << BITS_A_CHARACTER | ALPHABET.indexOf(run.charAt(i)) & 31;
        }
        return key;
    }
}

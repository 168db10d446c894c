package io.millrace.engine;

/**
 * How far a task with {@code for_each} is.
 *
 * @param total how many items it has
 * @param next the first item that has not been looked at; {@code total} when all have
 * @param open how many items have begun and not ended
 * @param failed how many items failed
 */
public record ItemCount(int total, int next, int open, int failed) {
    /** Checks that the numbers fit together. @throws IllegalArgumentException when they do not */
    public ItemCount {
        if (next < 0 || next > total || open < 0 || failed < 0 || open + failed > total) {
            throw new IllegalArgumentException(
                    "Not a count of items: " + next + " of " + total + ", " + open + " open, " + failed + " failed");
        }
    }

    /** Before the first item. */
    static ItemCount of(int total) {
        return new ItemCount(total, 0, 0, 0);
    }

    /** The next item has begun. */
    ItemCount begun() {
        return new ItemCount(total, next + 1, open + 1, failed);
    }

    /** An item has begun; what is before it has been looked at. */
    ItemCount begun(int index) {
        return new ItemCount(total, Math.max(next, index + 1), open + 1, failed);
    }

    /** The next item has succeeded before, and is not executed again. */
    ItemCount passed() {
        return new ItemCount(total, next + 1, open, failed);
    }

    /** An item has ended. */
    ItemCount ended(boolean asFailure) {
        return new ItemCount(total, next, open - 1, failed + (asFailure ? 1 : 0));
    }

    /** No further item begins. */
    ItemCount stopped() {
        return new ItemCount(total, total, open, failed);
    }

    boolean hasMore() {
        return next < total;
    }

    boolean isOver() {
        return next == total && open == 0;
    }
}

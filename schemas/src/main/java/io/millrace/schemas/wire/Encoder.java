package io.millrace.schemas.wire;

/**
 * Turns values of one topic into bytes.
 *
 * <p><em>Threading:</em> safe for any number of threads.
 *
 * @param <T> the type of the values
 */
public interface Encoder<T> {
    /**
     * The value in the wire format. The first call may ask the registry, and then throws what its client throws.
     *
     * @throws IllegalArgumentException when the value is not complete: a field without a value that may not be null
     */
    byte[] encode(T value);
}

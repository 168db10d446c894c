package io.millrace.schemas.wire;

import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one topic into values, whatever version of the schema they were written with.
 *
 * <p><em>Threading:</em> safe for any number of threads.
 *
 * @param <T> the type of the values
 */
public interface Decoder<T> {
    /**
     * The value that the bytes hold. A schema id that was not seen before is asked of the registry.
     *
     * @throws UndecodableException when the bytes are not such a value and never will be
     * @throws io.millrace.schemas.registry.RegistryUnavailableException when the registry is away: the same bytes may be decoded later
     * @throws io.millrace.schemas.registry.RegistryException when the registry refuses to answer us, for example for a wrong password
     */
    T decode(byte @Nullable [] bytes) throws UndecodableException;

    /**
     * Whether the bytes say that their value was written with a schema of the very layout that this decoder's own has. Then they can be
     * kept as they are: what follows the first {@link WireFormat#HEADER_BYTES} is the value in the encoding of our schema, if it is
     * whole, which is not looked at. A schema id that was not seen before is asked of the registry.
     *
     * @throws UndecodableException as {@link #decode} throws it, for what stands before the value
     * @throws io.millrace.schemas.registry.RegistryUnavailableException when the registry is away
     * @throws io.millrace.schemas.registry.RegistryException when the registry refuses to answer us
     */
    boolean hasOwnLayout(byte @Nullable [] bytes) throws UndecodableException;
}

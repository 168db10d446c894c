package io.millrace.cli.profile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The profiles of a file.
 *
 * @param standard the name of the one that counts where none is named
 * @param byName in the order of the file
 */
public record Profiles(Optional<String> standard, Map<String, Profile> byName) {
    /** Those of a user who has no file. */
    public static final Profiles NONE = new Profiles(Optional.empty(), Map.of());

    public Profiles {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }
}

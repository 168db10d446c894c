package io.millrace.pipeline;

import java.time.Duration;
import java.util.Optional;

/**
 * A directory in which files arrive, watched by workers.
 *
 * @param directory its absolute path, without a slash at its end
 * @param pattern what the path of a file below it has to be like; see {@link FilePattern}
 * @param queue workers that serve this queue watch
 * @param every how long from one look to the next
 * @param settled how long a file has to stay as it is before it counts; zero when what is seen counts at once
 * @param from what of that which is there at the first look counts
 * @param key what tells one file from another; empty for its path, size and time of modification
 */
public record FilesSource(
        String directory,
        String pattern,
        String queue,
        Duration every,
        Duration settled,
        Beginning from,
        Optional<EventKey> key)
        implements TriggerSource {
    /** What files have to be like, unless a pipeline says so: any, in the directory itself. */
    static final String ANY = "*";

    /** How long it is from one look to the next, and how long a file has to stay as it is, unless a pipeline says so. */
    static final Duration PACE = Duration.ofSeconds(5);

    /** With which files a trigger begins. */
    public enum Beginning {
        /** With all that are there. */
        EXISTING,
        /** With those that come, or are changed, after the first look. */
        NEW
    }

    @Override
    public String kind() {
        return "files";
    }
}

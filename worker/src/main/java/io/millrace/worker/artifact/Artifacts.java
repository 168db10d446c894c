package io.millrace.worker.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The artifacts that a worker stores and fetches: what is fetched is what was stored, byte for byte, or an error says which artifact is not.
 *
 * <p><b>Threading:</b> any number of threads.
 */
public final class Artifacts implements AutoCloseable {
    /** How often a content that is missing is looked for, since a sweeper may have it in its hands for a moment. */
    private static final int LOOKS = 3;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

    private final ArtifactSettings settings;
    private final Optional<ArtifactStore> store;

    private Artifacts(ArtifactSettings settings, Optional<ArtifactStore> store) {
        this.settings = settings;
        this.store = store;
    }

    /**
     * Opens the store; nothing is asked of it yet.
     *
     * @throws IllegalStateException when a setting is missing that neither the settings nor the surroundings give
     */
    public static Artifacts open(ArtifactSettings settings) {
        return new Artifacts(
                settings,
                settings.location()
                        .map(location -> location instanceof StoreLocation.Directory directory
                                ? new DirectoryStore(directory.path(), Clock.systemUTC())
                                : S3Store.open((StoreLocation.Bucket) location, settings, Clock.systemUTC())));
    }

    /**
     * Stores the content of a plain file.
     *
     * @param name what it is called downstream
     * @param stopped asked again and again; true calls it off
     * @throws ArtifactException when it is too large, when there is no store, or when the store fails
     * @throws Transfer.StoppedException when it was called off
     */
    public ArtifactReference store(Path file, String name, BooleanSupplier stopped) throws IOException {
        ArtifactStore open = store.orElseThrow(Artifacts::noStore);
        if (Files.size(file) > settings.limitBytes()) {
            throw tooLarge(name);
        }
        try {
            Transfer.Moved moved = open.put(file, new Transfer(settings.limitBytes(), stopped));
            return new ArtifactReference(moved.digest(), name, moved.size());
        } catch (Transfer.TooLargeException e) {
            throw tooLarge(name);
        } catch (ArtifactException | Transfer.StoppedException e) {
            throw e;
        } catch (IOException e) {
            throw ArtifactException.retryable(
                    "The file '" + name + "' could not be stored in " + open.describe() + ": " + reason(e));
        }
    }

    /** Stores what a stream gives, by way of a file of the caller's. */
    public ArtifactReference store(InputStream content, Path spool, String name, BooleanSupplier stopped)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(spool)) {
            new Transfer(settings.limitBytes(), stopped).move(content, out);
        } catch (Transfer.TooLargeException e) {
            throw tooLarge(name);
        }
        return store(spool, name, stopped);
    }

    /**
     * Fetches a content into a file that does not exist yet.
     *
     * @throws ArtifactException when it is not there, is damaged, or cannot be had now
     * @throws Transfer.StoppedException when it was called off
     */
    public void fetch(ArtifactReference reference, Path target, BooleanSupplier stopped) throws IOException {
        ArtifactStore open = store.orElseThrow(Artifacts::noStore);
        try (InputStream in = find(reference, open);
                OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            Transfer.Moved moved = new Transfer(reference.size(), stopped).move(in, out);
            if (moved.size() != reference.size() || !moved.digest().equals(reference.digest())) {
                throw damaged(reference, moved.size() + " bytes with " + moved.digest(), open);
            }
        } catch (Transfer.TooLargeException e) {
            throw damaged(reference, "more than " + reference.size() + " bytes", open);
        } catch (ArtifactException | Transfer.StoppedException e) {
            throw e;
        } catch (IOException e) {
            throw unfetched(reference, open, e);
        }
    }

    /**
     * Opens a content; whether it is what was stored is known at its end, where reading throws an {@link ArtifactException} if not.
     *
     * @throws ArtifactException when it is not there, or cannot be had now
     */
    public InputStream open(ArtifactReference reference) throws IOException {
        ArtifactStore open = store.orElseThrow(Artifacts::noStore);
        return new VerifiedStream(find(reference, open), reference, open.describe());
    }

    /** Deletes what was not used within the retention, when it is time to; returns how many contents that were. */
    int sweep(Clock clock, Duration every) throws IOException {
        return store.isEmpty() ? 0 : store.get().sweep(clock.instant().minus(settings.retention()), every);
    }

    /** @throws ArtifactException when there is no store, so that nothing can be stored */
    public void requireStore() throws ArtifactException {
        if (store.isEmpty()) {
            throw noStore();
        }
    }

    /** The largest artifact. */
    public long limitBytes() {
        return settings.limitBytes();
    }

    boolean hasStore() {
        return store.isPresent();
    }

    Duration retention() {
        return settings.retention();
    }

    @Override
    public void close() {
        store.ifPresent(ArtifactStore::close);
    }

    private static InputStream find(ArtifactReference reference, ArtifactStore store) throws IOException {
        try {
            return looked(reference, store);
        } catch (ArtifactException | Transfer.StoppedException e) {
            throw e;
        } catch (IOException e) {
            throw unfetched(reference, store, e);
        }
    }

    private static InputStream looked(ArtifactReference reference, ArtifactStore store) throws IOException {
        try {
            for (int look = 1; ; look++) {
                Optional<InputStream> found = store.open(reference.digest());
                if (found.isPresent()) {
                    return found.get();
                }
                if (look == LOOKS) {
                    throw ArtifactException.permanent("The artifact " + reference + " is not in " + store.describe()
                            + ": it was not used for longer than artifacts.retention, or was stored elsewhere.");
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Transfer.StoppedException();
        }
    }

    private static ArtifactException noStore() {
        return ArtifactException.permanent(
                "This worker has no store for artifacts; set millrace.worker.artifacts.store.");
    }

    private ArtifactException tooLarge(String name) {
        return ArtifactException.permanent("The file '" + name + "' is larger than worker.artifacts.limit, which is "
                + ByteSize.words(settings.limitBytes()) + ".");
    }

    private static ArtifactException damaged(ArtifactReference reference, String found, ArtifactStore store) {
        return ArtifactException.retryable(
                "The artifact " + reference + " is damaged: " + store.describe() + " gave " + found + ".");
    }

    private static ArtifactException unfetched(ArtifactReference reference, ArtifactStore store, IOException e) {
        return ArtifactException.retryable(
                "The artifact " + reference + " could not be fetched from " + store.describe() + ": " + reason(e));
    }

    private static String reason(IOException e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}

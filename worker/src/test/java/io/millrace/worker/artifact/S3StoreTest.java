package io.millrace.worker.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an S3-compatible server in a process of its own. */
class S3StoreTest extends StoreContract {
    private static S3Server server;

    private ArtifactStore store;
    private String prefix;

    @BeforeAll
    static void startServer() throws Exception {
        server = S3Server.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void openStore() {
        prefix = "test-" + System.nanoTime() + "/";
        store = store("s3://" + S3Server.BUCKET + "/" + prefix, Clock.systemUTC());
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Override
    ArtifactStore store() {
        return store;
    }

    @Override
    int contents() {
        return server.objectsAndUploads(prefix);
    }

    @Test
    void aUseKeepsAnOldContent() throws Exception {
        Digest digest = store.put(file("used"), unlimited()).digest();
        Instant later = Instant.now().plus(Duration.ofDays(40));
        // A reader in forty days: the server's own time is what it notes.
        ArtifactStore inFortyDays = store("s3://" + S3Server.BUCKET + "/" + prefix, Clock.fixed(later, ZoneOffset.UTC));
        inFortyDays.open(digest).orElseThrow().close();
        assertThat(server.keys(prefix)).contains(prefix + "uses/" + digest.hex());
        inFortyDays.close();
    }

    @Test
    void namesABucketThatIsNotThere() throws Exception {
        try (ArtifactStore elsewhere = store("s3://no-such-bucket/x", Clock.systemUTC())) {
            assertThatThrownBy(() -> elsewhere.put(file("x"), unlimited()))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining("no such bucket");
        }
    }

    private static ArtifactStore store(String location, Clock clock) {
        return S3Store.open(
                (StoreLocation.Bucket) StoreLocation.of(location),
                ArtifactSettings.NONE.withS3(new S3Access(
                        Optional.of(server.endpoint()),
                        Optional.empty(),
                        true,
                        Optional.of(new S3Access.Keys("access", "secret")))),
                clock);
    }
}

package io.millrace.worker.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory that others reach, too, and what they can do to it: a worker gives out what was stored, byte for byte, or says which artifact it is not. */
@Timeout(60)
class HostileStoreTest {
    @TempDir
    Path files;

    private Path shared;
    private Artifacts artifacts;

    @BeforeEach
    void open() {
        shared = files.resolve("store");
        artifacts = Artifacts.open(ArtifactSettings.in(shared));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ln -sf /etc/passwd $OBJECT | it is no plain file there",
                "ln -sf /dev/zero $OBJECT | it is no plain file there",
                "mkfifo $OBJECT | it is no plain file there",
                "mkdir $OBJECT | it is no plain file there",
                "truncate -s 1T $OBJECT | is damaged",
                "head -c 100000 /dev/zero > $OBJECT | is damaged",
            })
    void readsNothingInPlaceOfAContent(String trap, String sentence) throws Exception {
        ArtifactReference reference = stored("x".repeat(100_000));
        Path object = object(reference);
        FileTime untouched = Files.getLastModifiedTime(Path.of("/etc/passwd"));
        shell("rm -rf \"$OBJECT\"; " + trap, object);

        ArtifactException fetched = catchThrowableOfType(
                ArtifactException.class, () -> artifacts.fetch(reference, files.resolve("back"), () -> false));
        assertThat(fetched.sentence())
                .startsWith("The artifact 'file' (" + reference.digest() + ", 100000 bytes)")
                .contains(sentence);
        assertThat(fetched.isRetryable()).isTrue();
        assertThatThrownBy(() -> {
                    try (InputStream in = artifacts.open(reference)) {
                        in.skip(Long.MAX_VALUE);
                    }
                })
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(sentence);
        assertThat(Files.getLastModifiedTime(Path.of("/etc/passwd"))).isEqualTo(untouched);
    }

    @Test
    void noticesThatAContentChangesWhileItIsRead() throws IOException {
        ArtifactReference reference = stored("x".repeat(1_000_000));
        try (InputStream in = artifacts.open(reference)) {
            in.readNBytes(1_000);
            Files.writeString(object(reference), "y".repeat(1_000), StandardOpenOption.TRUNCATE_EXISTING);
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(ArtifactException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @Test
    void readsToItsEndWhatIsSweptMeanwhile() throws IOException {
        ArtifactReference reference = stored("x".repeat(1_000_000));
        try (InputStream in = artifacts.open(reference)) {
            in.readNBytes(1_000);
            assertThat(sweep()).isOne();
            assertThat(in.readAllBytes()).hasSize(999_000);
        }
        assertThat(object(reference)).doesNotExist();
    }

    @Test
    void mendsADamagedContentByStoringItAgain() throws IOException {
        ArtifactReference reference = stored("abc");
        Files.writeString(object(reference), "abX");
        assertThat(stored("abc")).isEqualTo(reference);
        artifacts.fetch(reference, files.resolve("back"), () -> false);
        assertThat(files.resolve("back")).hasContent("abc");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 4, Long.MAX_VALUE})
    void believesNoSizeButTheContents(long size) throws IOException {
        ArtifactReference reference = stored("abc");
        ArtifactReference lie = new ArtifactReference(reference.digest(), "file", size);
        assertThatThrownBy(() -> artifacts.fetch(lie, files.resolve("back"), () -> false))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(size + " bytes) is damaged");
        assertThatThrownBy(() -> artifacts.open(lie).readAllBytes()).hasMessageContaining("is damaged");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "../x",
                "/etc/passwd",
                "a/b",
                "a\\b",
                "a\nb",
                "a\u0000b",
                "a\u0085b",
                "\ud800"
            })
    void laysNoFileUnderANameThatIsNone(String name) throws IOException {
        ArtifactReference reference = stored("abc").named(name);
        assertThat(reference.name()).isEqualTo("ba7816bf8f01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é€😀", "-rf", "a b'\"$(touch pwned)", "...", "CON"})
    void keepsANameThatAFileCanHaveHoweverStrange(String name) throws IOException {
        ArtifactReference reference = stored("abc").named(name);
        assertThat(reference.name()).isEqualTo(name);
        artifacts.fetch(reference, files.resolve(reference.name()), () -> false);
        assertThat(files.resolve(name)).hasContent("abc");
    }

    @Test
    void aNameMayBeAsLongAsThatOfAFile() throws IOException {
        for (String letter : List.of("x", "€", "😀")) {
            ArtifactReference reference = stored("abc").named(letter.repeat(200));
            Path target = files.resolve(reference.name());
            artifacts.fetch(reference, target, () -> false);
            Files.delete(target);
        }
    }

    @Test
    void sweepsPastWhatIsNotTheStores() throws IOException {
        ArtifactReference reference = stored("abc");
        Path elsewhere = Files.createDirectories(files.resolve("elsewhere"));
        Path theirs = Files.writeString(elsewhere.resolve("theirs"), "keep");
        Files.setLastModifiedTime(theirs, FileTime.from(Instant.now().minus(Duration.ofDays(40))));
        Files.createSymbolicLink(shared.resolve("objects/ln"), elsewhere);
        Files.createSymbolicLink(shared.resolve("objects/ff"), elsewhere);
        Files.writeString(shared.resolve("objects/.DS_Store"), "x");
        Files.writeString(object(reference).resolveSibling("notes.txt"), "x");
        Files.createDirectories(object(reference).resolveSibling("0".repeat(62)).resolve("deep"));

        assertThat(sweep()).isOne();

        assertThat(object(reference)).doesNotExist();
        assertThat(theirs).exists();
        assertThat(object(reference).resolveSibling("notes.txt")).exists();
    }

    @Test
    void saysThatItCannotWrite() throws IOException {
        Files.createDirectories(shared);
        Files.writeString(shared.resolve("incoming"), "in the way");
        ArtifactException refused = catchThrowableOfType(ArtifactException.class, () -> stored("abc"));
        assertThat(refused.sentence()).startsWith("The file 'file' could not be stored in file:" + shared + ": ");
        assertThat(refused.isRetryable()).isTrue();
    }

    @Test
    void saysThatItIsFullAndLeavesNothingUnfinished() throws Exception {
        Files.createDirectories(shared);
        assumeTrue(
                shell("mount -t tmpfs -o size=256k none \"$OBJECT\"", shared) == 0, "only root may mount a small disk");
        try {
            ArtifactReference small = stored("abc");
            ArtifactException full = catchThrowableOfType(ArtifactException.class, () -> stored("x".repeat(1_000_000)));
            assertThat(full.sentence()).contains("could not be stored", "No space left");
            assertThat(full.isRetryable()).isTrue();
            artifacts.fetch(small, files.resolve("back"), () -> false);
            try (Stream<Path> unfinished = Files.list(shared.resolve("incoming"))) {
                assertThat(unfinished).isEmpty();
            }
        } finally {
            shell("umount \"$OBJECT\"", shared);
        }
    }

    private ArtifactReference stored(String content) throws IOException {
        Path file = Files.writeString(files.resolve("file"), content);
        return artifacts.store(file, "file", () -> false);
    }

    private int sweep() throws IOException {
        return new DirectorySweep(shared, Clock.systemUTC())
                .sweep(Instant.now().plus(Duration.ofHours(1)), Duration.ZERO);
    }

    private Path object(ArtifactReference reference) {
        String hex = reference.digest().hex();
        return shared.resolve("objects").resolve(hex.substring(0, 2)).resolve(hex.substring(2));
    }

    private static int shell(String command, Path object) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).inheritIO();
        builder.environment().put("OBJECT", object.toString());
        return builder.start().waitFor();
    }
}

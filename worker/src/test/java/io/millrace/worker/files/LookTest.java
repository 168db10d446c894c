package io.millrace.worker.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.event.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is announced of real directories, on a clock of the test's own. */
class LookTest {
    private static final TriggerName DROP = new TriggerName("load", "drop");

    @TempDir
    private Path parent;

    private final Ticking clock = new Ticking();
    private final TestingAnnouncements announcements = new TestingAnnouncements(clock);
    private Path directory;
    private boolean paused;

    /** Both clocks of a worker, moved by hand. */
    private static final class Ticking extends Clock {
        private Instant now = Instant.parse("2026-03-01T12:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        long nanos() {
            return Duration.between(Instant.EPOCH, now).toNanos();
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void makeTheDirectory() throws IOException {
        directory = Files.createDirectory(parent.resolve("in"));
    }

    private Look look(String pattern) {
        return look(pattern, Duration.ofSeconds(5), true);
    }

    private Look look(String pattern, Duration settled, boolean existing) {
        FileWatch watch = FileWatch.newBuilder()
                .setTrigger(DROP.trigger())
                .setDirectory(directory.toString())
                .setPattern(pattern)
                .setEveryMillis(10_000)
                .setSettledMillis(settled.toMillis())
                .setExisting(existing)
                .build();
        return new Look(new Watched(DROP, 1, watch), announcements, () -> paused, clock, clock::nanos);
    }

    private Look atOnce(String pattern) {
        return look(pattern, Duration.ZERO, true);
    }

    private Path write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static void looks(Look look) throws InterruptedException {
        look.once();
        assertThat(look.state().trouble()).isEmpty();
    }

    /** Twice, with so much time between them that all that is there has settled. */
    private void settles(Look look) throws InterruptedException {
        looks(look);
        clock.pass(Duration.ofSeconds(10));
        looks(look);
    }

    private String in(String name) {
        return directory + "/" + name;
    }

    @Test
    void announcesAFileOnceWhenItHasSettled() throws Exception {
        Path file = write("a.csv", "1,2,3");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-02-03T04:05:06.789123456Z")));
        Look look = look("*.csv");

        assertThat(look.once()).as("it settles before the next look is due").isEqualTo(Duration.ofSeconds(5));
        clock.pass(Duration.ofMillis(4_999));
        looks(look);
        assertThat(announcements.arrived).isEmpty();
        clock.pass(Duration.ofMillis(1));
        assertThat(look.once()).isEqualTo(Duration.ofSeconds(10));
        settles(look);

        assertThat(announcements.arrived)
                .containsExactly(new SeenFile(in("a.csv"), 5, Instant.parse("2026-02-03T04:05:06.789Z")));
        assertThat(look.state().files()).isEqualTo(1);
    }

    @Test
    void waitsForOneThatIsStillWritten() throws Exception {
        Look look = look("*");
        Path file = write("a.csv", "");
        for (int i = 0; i < 20; i++) {
            looks(look);
            Files.writeString(file, "row\n", StandardOpenOption.APPEND);
            clock.pass(Duration.ofSeconds(6));
        }
        assertThat(announcements.arrived).isEmpty();
        settles(look);
        assertThat(announcements.arrived).extracting(SeenFile::size).containsExactly(80L);
    }

    @Test
    void waitsForOneOfWhichOnlyTheTimeChanges() throws Exception {
        Look look = look("*");
        Path file = write("a.csv", "same");
        looks(look);
        clock.pass(Duration.ofSeconds(5));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        looks(look);
        assertThat(announcements.arrived).isEmpty();
    }

    @Test
    void takesAtOnceWhatNeedNotSettle() throws Exception {
        write("b.csv", "");
        looks(atOnce("*"));
        assertThat(announcements.paths()).containsExactly(in("b.csv"));
    }

    @Test
    void aChangedFileArrivesAgainAndOneThatIsPutBackDoesNot() throws Exception {
        Look look = look("*");
        Path file = write("a.csv", "one");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        settles(look);
        Path away = parent.resolve("away");
        Files.move(file, away);
        settles(look);
        Files.move(away, file);
        settles(look);
        assertThat(announcements.arrived).hasSize(1);

        Files.writeString(file, "two");
        settles(look);
        assertThat(announcements.arrived).hasSize(2);
        Files.setLastModifiedTime(file, FileTime.fromMillis(5_000));
        settles(look);
        assertThat(announcements.arrived).hasSize(3);
    }

    @Test
    void aFileThatIsMovedInIsWhole() throws Exception {
        Look look = look("*.csv");
        Path written = write("a.csv.part", "half");
        settles(look);
        Files.writeString(written, " and the other half", StandardOpenOption.APPEND);
        settles(look);
        assertThat(announcements.arrived).isEmpty();
        Files.move(written, directory.resolve("a.csv"), StandardCopyOption.ATOMIC_MOVE);
        settles(look);
        Files.move(directory.resolve("a.csv"), directory.resolve("b.csv"));
        settles(look);
        assertThat(announcements.paths()).as("another path is another file").containsExactly(in("a.csv"), in("b.csv"));
    }

    @Test
    void beginsAsItIsTold() throws Exception {
        write("old.csv", "1");
        Look look = look("*", Duration.ofSeconds(5), false);
        settles(look);
        assertThat(announcements.arrived).isEmpty();
        write("new.csv", "2");
        settles(look);
        write("old.csv", "it is another now");
        settles(look);
        assertThat(announcements.paths()).containsExactly(in("new.csv"), in("old.csv"));

        settles(look("*"));
        assertThat(announcements.paths())
                .as("what is known is known to every worker")
                .hasSize(2);
    }

    @Test
    void whatComesAfterAnotherWorkerHasBegunIsNoOldFile() throws Exception {
        announcements.byAnother(DROP, SeenFile.directory(directory.toString()));
        write("came-later.csv", "1");
        Look look = look("*", Duration.ofSeconds(5), false);
        looks(look);
        settles(look);
        assertThat(announcements.paths()).containsExactly(in("came-later.csv"));
    }

    @Test
    void doesNotRepeatWhatAnotherWorkerWasFasterWith() throws Exception {
        Path file = write("a.csv", "1");
        Files.setLastModifiedTime(file, FileTime.fromMillis(7_000));
        announcements.byAnother(DROP, new SeenFile(in("a.csv"), 1, Instant.ofEpochMilli(7_000)));
        settles(look("*"));
        assertThat(announcements.arrived).isEmpty();
    }

    @Test
    void keepsWhatComesDuringAPause() throws Exception {
        Look look = look("*");
        paused = true;
        write("a.csv", "1");
        settles(look);
        assertThat(announcements.arrived).isEmpty();
        paused = false;
        looks(look);
        assertThat(announcements.paths()).containsExactly(in("a.csv"));
    }

    @Test
    void saysThatTheDirectoryIsMissingAndWaitsForIt() throws Exception {
        Files.delete(directory);
        Look look = look("*");
        assertThat(look.once()).isEqualTo(Duration.ofSeconds(10));
        assertThat(look.state().trouble()).contains("there is no directory " + directory);
        assertThat(announcements.keys()).as("it has not begun").isEmpty();

        write("a.csv", "1");
        settles(look);
        assertThat(announcements.paths()).containsExactly(in("a.csv"));
        Files.delete(directory.resolve("a.csv"));
        Files.delete(directory);
        look.once();
        assertThat(look.state()).isEqualTo(new Look.State(0, Optional.of("there is no directory " + directory)));
    }

    @Test
    void saysThatItIsAFile() throws Exception {
        Files.delete(directory);
        Files.writeString(directory, "x");
        Look look = look("a.csv");
        look.once();
        assertThat(look.state().trouble()).contains(directory + " is no directory");
    }

    @Test
    void saysWhatItMayNotRead() throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        write("open/a.csv", "1");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assumeTrue(!Files.isReadable(closed), "nothing is closed to root");
            Look look = atOnce("**/*.csv");
            look.once();
            assertThat(look.state().trouble()).contains(closed + " may not be read by this worker");
            assertThat(announcements.paths()).containsExactly(in("open/a.csv"));
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void findsFilesBelow() throws Exception {
        for (String name :
                List.of("a.csv", "x/b.csv", "x/y/c.csv", "x/y/d.txt", ".git/e.csv", "x/.z/f.csv", "x/y/.g.csv")) {
            write(name, "1");
        }
        looks(atOnce("**/*.csv"));
        assertThat(announcements.paths()).containsExactlyInAnyOrder(in("a.csv"), in("x/b.csv"), in("x/y/c.csv"));
        assertThat(found("*/*.csv")).containsExactly(in("x/b.csv"));
        assertThat(found("x/y/*")).containsExactlyInAnyOrder(in("x/y/c.csv"), in("x/y/d.txt"));
        assertThat(found("x/**/{c,f}.csv")).containsExactly(in("x/y/c.csv"));
        assertThat(found("x/.z/*.csv")).containsExactly(in("x/.z/f.csv"));
        assertThat(found("x/b.csv")).containsExactly(in("x/b.csv"));
        assertThat(found("none/*.csv")).isEmpty();
    }

    /** What a worker that knows nothing would find. */
    private List<String> found(String pattern) {
        List<String> paths = new ArrayList<>();
        Walk.Outcome outcome = Walk.of(directory.toString(), PathPattern.of(pattern), file -> paths.add(file.path()));
        assertThat(outcome).isEqualTo(new Walk.Outcome(true, paths.size(), Optional.empty()));
        return paths;
    }

    @Test
    void followsLinksButNotInCircles() throws Exception {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("b.csv"), "12345");
        write("x/a.csv", "1");
        Files.createSymbolicLink(directory.resolve("link.csv"), elsewhere.resolve("b.csv"));
        Files.createSymbolicLink(directory.resolve("nowhere.csv"), elsewhere.resolve("nothing.csv"));
        Files.createSymbolicLink(directory.resolve("circle"), directory);
        Files.createSymbolicLink(directory.resolve("other"), elsewhere);
        Files.createDirectory(directory.resolve("directory.csv"));

        assertThat(found("**/*.csv")).containsExactlyInAnyOrder(in("link.csv"), in("x/a.csv"));
        assertThat(found("other/*.csv")).containsExactly(in("other/b.csv"));
        Path link = Files.createSymbolicLink(parent.resolve("in-link"), directory);
        Walk.Outcome outcome = Walk.of(
                link.toString(),
                PathPattern.of("x/*.csv"),
                file -> assertThat(file.path()).isEqualTo(link + "/x/a.csv"));
        assertThat(outcome.files()).isEqualTo(1);
    }

    @Test
    void saysThatANameIsNoText() throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "d=$(printf 'b\\344d'); printf x > \"$d.csv\"; mkdir \"$d\"; printf x > \"$d/x.csv\"; printf x > good.csv")
                .directory(directory.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assumeTrue(process.exitValue() == 0, "the file system takes only names in UTF-8");
        Look look = atOnce("**/*.csv");
        look.once();
        assertThat(announcements.paths()).contains(in("good.csv"));
        if (announcements.paths().size() == 1) {
            assertThat(look.state().trouble().orElseThrow())
                    .contains("names are no text")
                    .endsWith(": 2");
        } else {
            // Where every byte is a character, there is no name that is no text.
            assertThat(System.getProperty("sun.jnu.encoding")).isEqualTo(ISO_8859_1.name());
        }
    }

    @Test
    void takesEveryOtherName() throws Exception {
        for (String name : List.of("with space.csv", "a'b\"c.csv", "${x}.csv", "-rf.csv", "new\nline.csv", "*.csv")) {
            write(name, name);
        }
        looks(atOnce("*.csv"));
        assertThat(announcements.arrived).hasSize(6);
    }

    @Test
    void manyFilesAreAnnouncedInTransactionsOfSomeHundredsAndKnownWithoutWriting() throws Exception {
        int many = 10_000;
        for (int i = 0; i < many; i++) {
            Files.createFile(directory.resolve("f" + i));
        }
        Look look = atOnce("*");
        looks(look);
        assertThat(announcements.arrived).hasSize(many).doesNotHaveDuplicates();
        assertThat(announcements.transactions)
                .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(Look.BATCH));
        int before = announcements.transactions.size();
        looks(look);
        looks(atOnce("*"));
        assertThat(announcements.transactions).hasSize(before);
        assertThat(look.state().files()).isEqualTo(many);
    }

    @Test
    void whatCouldNotBeAnnouncedIsAnnouncedWithTheNextLook() throws Exception {
        write("a.csv", "1");
        Look look = atOnce("*");
        announcements.fail(Optional.of(new IllegalStateException("Kafka is away")));
        look.once();
        assertThat(look.state().trouble()).contains("the last look failed: Kafka is away");
        assertThat(announcements.arrived).isEmpty();
        announcements.fail(Optional.empty());
        looks(look);
        assertThat(announcements.paths()).containsExactly(in("a.csv"));
    }

    @Test
    void remembersWhatIsThereForEverAndWhatIsGoneForAWeek() throws Exception {
        Path gone = write("gone.csv", "1");
        write("stays.csv", "1");
        Look look = atOnce("*");
        looks(look);
        Files.delete(gone);
        for (int day = 0; day < 30; day++) {
            clock.pass(Duration.ofDays(1));
            looks(look);
            assertThat(announcements.keys())
                    .as("day %d", day)
                    .hasSize(day < 7 ? 3 : 2)
                    .contains(DROP.keyOf(in("stays.csv")), DROP.keyOf(directory.toString()));
        }
        assertThat(announcements.arrived).hasSize(2);
        assertThat(announcements.remembered)
                .as("it is written anew every two days, not each time")
                .isBetween(20, 32);
    }

    @Test
    void forgetsNothingWhileTheDirectoryIsAway() throws Exception {
        write("a.csv", "1");
        Look look = atOnce("*");
        looks(look);
        Path away = Files.move(directory, parent.resolve("away"));
        for (int day = 0; day < 30; day++) {
            clock.pass(Duration.ofDays(1));
            look.once();
        }
        Files.move(away, directory);
        looks(look);
        assertThat(announcements.arrived).hasSize(1);
    }
}

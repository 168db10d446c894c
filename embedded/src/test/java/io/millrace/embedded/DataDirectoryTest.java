package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path temporary;

    @Test
    void isCreatedWithItsParentsAndOpenedAgain() {
        Path directory = temporary.resolve("a/b");
        DataDirectory.open(directory).close();
        DataDirectory.open(directory).close();
        assertThat(directory.resolve("millrace.properties")).exists();
    }

    @Test
    void isHeldByOneAtATime() {
        try (DataDirectory first = DataDirectory.open(temporary)) {
            assertThat(first.logDirectory()).isEqualTo(temporary.resolve("log"));
            assertThatThrownBy(() -> DataDirectory.open(temporary.resolve("../" + temporary.getFileName())))
                    .isInstanceOf(EmbeddedStartException.class)
                    .hasMessageContaining("already in use");
        }
        DataDirectory.open(temporary).close();
    }

    @Test
    void isNotTakenFromSomethingElse() throws IOException {
        Files.writeString(temporary.resolve("thesis.tex"), "years of work");
        assertThatThrownBy(() -> DataDirectory.open(temporary))
                .isInstanceOf(EmbeddedStartException.class)
                .hasMessageContaining("not one of ours")
                .hasMessageContaining("thesis.tex");
        assertThat(temporary.resolve("log")).doesNotExist();
    }

    @Test
    void isTakenAfterAFirstStartThatDiedBeforeItsMark() throws IOException {
        Files.createFile(temporary.resolve("lock"));
        Files.writeString(temporary.resolve("millrace.properties.new"), "lay");
        DataDirectory.open(temporary).close();
        assertThat(temporary.resolve("millrace.properties")).content().contains("layout=1");
    }

    @Test
    void ofALaterVersionIsRefused() throws IOException {
        for (String mark : new String[] {
            "layout=1\nmetadata.version=999", "layout=2\nmetadata.version=1", "", "layout=1\nmetadata.version=\\u00zz"
        }) {
            Files.writeString(temporary.resolve("millrace.properties"), mark);
            assertThatThrownBy(() -> DataDirectory.open(temporary))
                    .as(mark)
                    .isInstanceOf(EmbeddedStartException.class)
                    .hasMessageMatching("(?s).*(belongs to another version|cannot be read).*");
        }
    }

    @Test
    void thatIsAFileIsRefused() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(EmbeddedStartException.class)
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> DataDirectory.open(file.resolve("below")))
                .isInstanceOf(EmbeddedStartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageEndingWith("cannot be made or written: Not a directory");
    }
}

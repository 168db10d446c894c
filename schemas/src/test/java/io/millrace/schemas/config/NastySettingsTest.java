package io.millrace.schemas.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and variables of settings as they come out of editors, templates and hurry. */
class NastySettingsTest {
    @TempDir
    private Path directory;

    @Test
    void allOfTheseMistakesAreToldAtOnce() throws IOException {
        Path file = file("""
                millrace.port=-1
                millrace.port=-2
                millrace.lease=10 fortnights
                millrace.memory=512
                millrace.url=//host
                millrace.servers=host:99999,:1,host
                millrace.Port=1
                millrace.=1
                port=7070
                = 3
                """);
        Settings settings = Settings.builder()
                .file(file)
                .environment(Map.of("MILLRACE_PROT", "1", "MILLRACE_LEASE_", "1s", "PATH", "/bin"))
                .flag("strict", "yes")
                .build();
        settings.integer("port", 0, 65_535).or(7070);
        settings.duration("lease", Duration.ofSeconds(1), Duration.ofDays(1)).or(Duration.ofSeconds(10));
        settings.bytes("memory", 1, Long.MAX_VALUE).or(1L);
        settings.uri("url", "http").required();
        settings.hostPorts("servers").required();
        settings.bool("strict").or(false);

        List<String> mistakes = mistakes(settings);

        assertThat(mistakes)
                .anyMatch(mistake -> mistake.startsWith("millrace.port in ") && mistake.endsWith("more than once"))
                .anyMatch(mistake -> mistake.startsWith("millrace.port=-2 in "))
                .anyMatch(mistake -> mistake.startsWith("millrace.lease=10 fortnights"))
                .anyMatch(mistake -> mistake.startsWith("millrace.memory=512"))
                .anyMatch(mistake -> mistake.startsWith("millrace.url=//host"))
                .anyMatch(mistake -> mistake.startsWith("millrace.servers="))
                .anyMatch(mistake -> mistake.startsWith("millrace.Port=1") && mistake.endsWith("millrace.port?"))
                .anyMatch(mistake -> mistake.startsWith("millrace.=1"))
                .anyMatch(mistake -> mistake.startsWith("port in "))
                .anyMatch(mistake -> mistake.startsWith(" in "))
                .anyMatch(mistake -> mistake.startsWith("MILLRACE_PROT=1") && mistake.endsWith("MILLRACE_PORT?"))
                .anyMatch(mistake -> mistake.startsWith("MILLRACE_LEASE_=1s"))
                .anyMatch(mistake -> mistake.startsWith("--strict=yes"))
                .hasSize(13);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment", "\ufeff", "\ufeff# comment\r\n"})
    void aFileWithNothingInItIsNoMistake(String content) throws IOException {
        Settings.builder().file(file(content)).build().finish();
    }

    @Test
    void aFileOfWindowsIsReadLikeAnyOther() throws IOException {
        Settings settings = Settings.builder()
                .file(file("\ufeffmillrace.port=1\r\nmillrace.name=caf\u00e9\r\n"))
                .build();

        assertThat(settings.integer("port", 0, 9).required()).isOne();
        assertThat(settings.string("name").required()).isEqualTo("caf\u00e9");
        settings.finish();
    }

    @Test
    void whatIsNoFileOfSettingsIsSaidInASentence() throws IOException {
        Path latin = Files.write(
                directory.resolve("latin"), "millrace.name=caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Path large = Files.write(directory.resolve("large"), new byte[2 << 20]);
        Path escape = Files.writeString(directory.resolve("escape"), "millrace.name=\\u00zz");

        assertThat(mistakes(Settings.builder().file(latin).build()))
                .containsExactly("the settings file " + latin + " cannot be read: it is not UTF-8");
        assertThat(mistakes(Settings.builder().file(directory).build()))
                .containsExactly("the settings file " + directory + " cannot be read: it is a directory");
        assertThat(mistakes(Settings.builder().file(large).build()))
                .singleElement()
                .asString()
                .endsWith("it has more than 1048576 bytes");
        assertThat(mistakes(Settings.builder().file(escape).build()))
                .singleElement()
                .asString()
                .contains("\\uxxxx");
        assertThat(mistakes(Settings.builder().file(directory.resolve("none")).build()))
                .singleElement()
                .asString()
                .endsWith("there is no such file");
    }

    @Test
    void aDeviceThatNeverEndsDoesNotTakeTheMemory() {
        Path zero = Path.of("/dev/zero");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(zero));

        assertThat(mistakes(Settings.builder().file(zero).build())).hasSize(1);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("millrace.properties"), content);
    }

    private static List<String> mistakes(Settings settings) {
        return catchThrowableOfType(SettingsException.class, settings::finish).mistakes();
    }
}

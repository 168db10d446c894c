package io.millrace.cli.command;

import io.millrace.bench.profile.Profile;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the recordings of a directory say, a table each; beside each recording its stacks, for tools that draw flame graphs. */
final class BenchProfile {
    private static final int SUBJECTS = 20;
    private static final int METHODS = 25;

    private BenchProfile() {}

    static void print(Path directory, Terminal terminal) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> recordings = files.filter(file -> file.toString().endsWith(".jfr"))
                    .sorted()
                    .toList();
            if (recordings.isEmpty()) {
                throw new UsageException("there is no recording (*.jfr) in " + directory);
            }
            for (Path recording : recordings) {
                Profile profile = Profile.read(recording);
                terminal.line(recording.getFileName() + ": " + profile.samples() + " samples");
                print(profile, "SUBJECT", profile.subjects(), SUBJECTS, terminal);
                print(profile, "THREAD", profile.threads(), SUBJECTS, terminal);
                print(profile, "METHOD", profile.methods(), METHODS, terminal);
                Files.writeString(
                        Path.of(recording.toString().replace(".jfr", ".stacks")),
                        profile.stacks().entrySet().stream()
                                .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                                .sorted()
                                .collect(Collectors.joining()));
            }
        } catch (IOException e) {
            throw new UsageException("the recordings in " + directory + " cannot be read: " + e.getMessage());
        }
    }

    private static void print(Profile profile, String heading, Map<String, Long> counts, int most, Terminal terminal) {
        Table table = new Table(heading, "SHARE");
        profile.largest(counts, most)
                .forEach(line ->
                        table.row().cell(line.name()).cell(String.format(Locale.ROOT, "%.1f %%", 100 * line.share())));
        table.lines(terminal, "  ").forEach(terminal::line);
        terminal.line("");
    }
}

package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.local.LocalPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of the documentation is executed, in the order of its page, in a copy of what a checkout holds, against a platform of
 * its own ports. It must end with exit code 0; a curl must be answered well. The run that pages speak of is one that is going on.
 */
class DocsIT {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final String RUN_OF_THE_PAGES = "3yv0k6q1n8r5t2w7z4x9c0b1ad";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void copyWhatACheckoutHolds() throws IOException {
        copy("docs/examples");
        copy("compose");
        Files.copy(CHECKOUT.resolve("docs/examples/hello.yaml"), directory.resolve("hello.yaml"));
        Path bin = Files.createDirectory(directory.resolve("bin"));
        String java = ProcessHandle.current().info().command().orElse("java");
        executable(directory.resolve("millrace"), """
                #!/bin/sh
                exec "%s" %s -Xmx400m -cp "%s" io.millrace.cli.Main "$@"
                """.formatted(
                        java, String.join(" ", JavaOptions.ALL), JavaOptions.CLASS_PATH));
        executable(bin.resolve("curl"), "#!/bin/sh\nexec %s -sS --fail-with-body \"$@\"\n".formatted(curl()));
        Path sleeper = Files.writeString(
                directory.resolve("sleeper.yaml"), "id: docs_sleeper\ntasks: [{id: greet, shell: sleep 600}]\n");
        Cli.execute("apply", sleeper.toString()).ended(0);
        Path report = Files.writeString(directory.resolve("report.yaml"), """
                id: report
                triggers:
                  - {id: nightly, schedule: {cron: 30 2 * * *, timezone: Europe/Berlin}}
                tasks:
                  - {id: a, shell: "true"}
                """);
        Cli.execute("apply", report.toString()).ended(0);
        Path orders = Files.writeString(directory.resolve("orders.yaml"), """
                id: orders
                inputs: {customer: string, amount: number}
                triggers:
                  - id: placed
                    webhook: {from: generic, unsigned: true}
                    inputs: {customer: "${{ event.customer }}", amount: "${{ event.amount }}"}
                tasks:
                  - {id: a, shell: "true"}
                """);
        Cli.execute("apply", orders.toString()).ended(0);
        Cli.execute("apply", directory.resolve("hello.yaml").toString()).ended(0);
        Cli.execute("trigger", "hello", "--wait").ended(0);
    }

    @TestFactory
    Stream<DynamicTest> everyCommandOfThePagesWorks() throws IOException {
        return pages().stream()
                .flatMap(page -> commands(page).commands().stream()
                        .map(command -> DynamicTest.dynamicTest(
                                CHECKOUT.relativize(page) + ":" + command.line() + " " + firstLine(command.text()),
                                () -> execute(page, command))));
    }

    @Test
    void findsCommandsInManyPages() throws IOException {
        assertThat(pages().stream().filter(page -> !commands(page).commands().isEmpty()))
                .hasSizeGreaterThanOrEqualTo(4);
    }

    private static void execute(Path page, DocumentedCommands.Command command) throws Exception {
        if (!command.text().contains(RUN_OF_THE_PAGES)) {
            execute(page, command, command.text());
            return;
        }
        String run = Cli.execute("trigger", "docs_sleeper").ended(0).out().strip();
        execute(page, command, command.text().replace(RUN_OF_THE_PAGES, run));
        Cli.execute("cancel", run).ended(0);
    }

    private static void execute(Path page, DocumentedCommands.Command command, String text) throws Exception {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", adapted(text))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("MILLRACE_URL", SharedPlatform.get().apiUrl().toString());
        builder.environment().put("XDG_CONFIG_HOME", directory.toString());
        Process process = builder.start();
        int code = process.waitFor();
        assertThat(code)
                .as("%s:%d\n%s\n%s", page, command.line(), command.text(), Files.readString(output))
                .isZero();
    }

    /** The ports of the test's platform in the place of the documented ones. */
    private static String adapted(String command) {
        LocalPlatform platform = SharedPlatform.get();
        return command.replace(
                        "http://127.0.0.1:7070", platform.apiUrl().toString().replaceFirst("/$", ""))
                .replace("127.0.0.1:9092", platform.kafka().bootstrapServers())
                .replace("http://127.0.0.1:8081", platform.kafka().registryUrl().toString());
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(CHECKOUT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(CHECKOUT.resolve("README.md"), CHECKOUT.resolve("compose/README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    private static DocumentedCommands commands(Path page) {
        try {
            return DocumentedCommands.of(Files.readString(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(String folder) throws IOException {
        Path from = CHECKOUT.resolve(folder);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to =
                        directory.resolve(folder).resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static String curl() throws IOException {
        Process which = new ProcessBuilder("sh", "-c", "command -v curl").start();
        String path = new String(which.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(path).as("curl is needed to execute the documentation").isNotEmpty();
        return path;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}

package io.millrace.cli.command;

import io.millrace.audit.reading.AuditResult;
import io.millrace.audit.reading.AuditSettings;
import io.millrace.audit.reading.AuditUnavailableException;
import io.millrace.audit.reading.LogAudit;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Moments;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.client.UnreachableException;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description =
                "Read the topics and hold every run, claim and outcome in them to the guarantees G1 to G7 and G10 to G12.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace audit verify",
            "  millrace audit verify --bootstrap kafka.example.org:9092 --registry http://registry.example.org:8081",
            "  millrace audit verify --from -1d -o json | jq -r '.violations[].sentence'",
            "",
            "docs/architecture.md says what each guarantee is. Nothing but Kafka and the registry is asked, and",
            "nothing is written. Exit code 0: every guarantee holds; 1: some do not; 2: it could not be checked."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    private static final int COULD_NOT_CHECK = 2;

    private final MillraceCommand millrace;

    @Option(
            names = "--from",
            paramLabel = "MOMENT",
            description = "Only runs that began then or later: -15m, -1h, -2d or a moment; default all that is kept.")
    private Optional<String> from = Optional.empty();

    @Option(
            names = "--dedupe",
            paramLabel = "DAYS",
            description = "For how many days a repeated trigger finds its run: the coordinators' dedupe.retention.")
    private int dedupeDays = (int) AuditSettings.STANDARD.remembered().toDays();

    @Option(
            names = "--most",
            paramLabel = "N",
            description = "List at most so many violations; default 1000. All are counted.")
    private int most = AuditSettings.STANDARD.mostViolations();

    @Mixin
    private TopicsOptions where = new TopicsOptions();

    AuditVerifyCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        AuditSettings settings = settings();
        try (TopicsAccess topics = where.open(millrace)) {
            AuditResult result = audit(topics).verify(settings);
            Terminal terminal = millrace.terminal();
            if (millrace.json()) {
                terminal.line(Json.pretty(AuditReport.json(result)));
            } else {
                AuditReport.lines(result, terminal).forEach(terminal::line);
            }
            return (result.verdict().holds() ? ExitCode.DONE : ExitCode.FAILED).number();
        } catch (AuditUnavailableException | UnreachableException e) {
            Terminal terminal = millrace.terminal();
            terminal.note(terminal.styled(Style.RED, "millrace: ") + "nothing could be checked: " + e.getMessage());
            return COULD_NOT_CHECK;
        }
    }

    private LogAudit audit(TopicsAccess topics) {
        Progress progress = new Progress(millrace.terminal(), Clock.systemUTC(), "");
        return topics.audit((stage, read, all) ->
                progress.at(stage + ": " + read + " of " + all + (all == 0 ? "" : " (" + 100 * read / all + " %)")));
    }

    private AuditSettings settings() {
        if (dedupeDays < 1 || most < 0) {
            throw new UsageException("--dedupe takes a number of days from 1, --most a number from 0");
        }
        Optional<Instant> moment = from.map(text -> Moments.parse(text, Instant.now())
                .orElseThrow(() ->
                        new UsageException("'" + text + "' is no moment: use -15m, -1h, -2d or 2026-11-22T14:00:00Z")));
        return new AuditSettings(moment, Duration.ofDays(dedupeDays), most);
    }
}

package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.BackfillOrder;
import io.millrace.cli.client.BackfillView;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Listing;
import io.millrace.cli.client.Moments;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backfill",
        description = "Run a pipeline for the ticks that its schedule had in the past.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfill etl --from 2026-03-01 --to 2026-03-08 --preview",
            "  millrace backfill etl --from 2026-03-01 --to 2026-03-08 --limit 2 --follow",
            "  millrace backfill etl --trigger nightly --from 2026-03-01T00:00:00Z --reason \"a column was missing\"",
            "",
            "A tick whose run has succeeded or is under way is skipped; one whose run failed or was cancelled runs again,",
            "as with `millrace rerun`; --again has those that succeeded run again as well. Ctrl-C while it is followed",
            "leaves it running. Exit code 1 with --follow: it was cancelled, or not all of its runs succeeded."
        })
final class BackfillCommand implements Callable<Integer> {
    private static final int MOST_PREVIEWED = 1_000;

    private final MillraceCommand millrace;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's id.")
    private String pipeline = "";

    @Option(
            names = "--from",
            paramLabel = "MOMENT",
            required = true,
            description =
                    "The first moment whose tick counts: 2026-03-01T00:00:00Z, -7d, or a day in the time zone of the "
                            + "schedule, such as 2026-03-01.")
    private String from = "";

    @Option(
            names = "--to",
            paramLabel = "MOMENT",
            description = "The first moment whose tick does not count any more; now by default, and not later.")
    private String to = "now";

    @Option(names = "--trigger", paramLabel = "ID", description = "The schedule, where the pipeline has several.")
    private Optional<String> trigger = Optional.empty();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "1",
            description = "At most so many of its runs at a time, 1 to 100; default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--preview", description = "Show what it would do about the first 1,000 ticks, and start nothing.")
    private boolean preview;

    @Option(names = "--again", description = "Run those that succeeded again, too.")
    private boolean again;

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "TEXT",
            description = "Why, for people.")
    private Optional<String> reason = Optional.empty();

    @Option(
            names = {"-k", "--key"},
            paramLabel = "KEY",
            description = "Idempotency key: requests for the pipeline with one key are one backfill.")
    private Optional<String> key = Optional.empty();

    @Mixin
    private ByOption by = new ByOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Show how far it is until it is over.")
    private boolean follow;

    BackfillCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > 100) {
            throw new UsageException("--limit must be 1 to 100, not " + limit);
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        BackfillOrder order = new BackfillOrder(
                pipeline, trigger, moment("--from", from, now), moment("--to", to, now), limit, again);
        ApiClient api = millrace.api();
        return preview ? preview(api, order) : start(api, order);
    }

    /** As the API takes it; what a day is, it knows. */
    private static String moment(String option, String text, Instant now) {
        try {
            return LocalDate.parse(text).toString();
        } catch (DateTimeException notADay) {
            return Moments.parse(text, now)
                    .map(Instant::toString)
                    .orElseThrow(() -> new UsageException(option + ": '" + text
                            + "' is no moment: use 2026-03-01T00:00:00Z, -7d, now, or a day such as 2026-03-01"));
        }
    }

    private int preview(ApiClient api, BackfillOrder order) {
        Terminal terminal = millrace.terminal();
        Listing.Part found = api.ticks(order).first(MOST_PREVIEWED, count -> {});
        long total = api.ticksInAll(order);
        if (millrace.json()) {
            ObjectNode answer = Json.object().put("total", total);
            answer.putArray("ticks").addAll(found.entries());
            terminal.line(Json.pretty(answer.put("next", found.next().orElse(null))));
            return ExitCode.DONE.number();
        }
        BackfillPreview.table(found).lines(terminal, "").forEach(terminal::line);
        String shown = found.next().isPresent()
                ? "of the first " + found.entries().size() + " of " + total + " ticks "
                : "of " + total + (total == 1 ? " tick " : " ticks ");
        terminal.note(
                terminal.styled(Style.DIM, shown + BackfillPreview.counts(found.entries()) + "; nothing was started"));
        return ExitCode.DONE.number();
    }

    private int start(ApiClient api, BackfillOrder order) {
        Terminal terminal = millrace.terminal();
        JsonNode accepted = api.backfill(
                order, reason, by.name(), key.orElseGet(() -> UUID.randomUUID().toString()));
        String id = accepted.path("id").asText();
        BackfillWatch watch = new BackfillWatch(api, millrace.stop(), terminal, !millrace.json());
        BackfillView known = watch.untilKnown(id);
        if (!millrace.json()) {
            terminal.line(id);
            terminal.note(terminal.styled(
                    Style.DIM,
                    "accepted: " + pipeline + " version " + known.version() + ", "
                            + known.counts().ticks() + (known.counts().ticks() == 1 ? " tick" : " ticks") + " of "
                            + known.trigger() + "; see millrace backfills show " + id));
        }
        BackfillView backfill = follow ? watch.untilOver(id) : known;
        if (millrace.json()) {
            terminal.line(Json.pretty(api.backfill(id)));
        } else if (follow) {
            new BackfillText(terminal).lines(backfill).forEach(terminal::line);
        }
        return (follow && !backfill.complete() ? ExitCode.FAILED : ExitCode.DONE).number();
    }
}

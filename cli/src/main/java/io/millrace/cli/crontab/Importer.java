package io.millrace.cli.crontab;

import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.Problem;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes pipelines of the lines of a crontab, which it is given from the first to the last. For one crontab. */
final class Importer {
    private final CrontabImport.Reading reading;
    private final Surroundings surroundings;
    private final Set<String> taken = new HashSet<>();

    Importer(CrontabImport.Reading reading) {
        this.reading = reading;
        this.surroundings = new Surroundings(reading.zone());
    }

    /** What becomes of the next line. */
    ImportedLine line(CrontabLine line) {
        if (line instanceof CrontabLine.Job job) {
            return job(job);
        }
        if (line instanceof CrontabLine.Setting setting) {
            return surroundings.set(setting);
        }
        return line instanceof CrontabLine.Refused refused
                ? ImportedLine.notDone(refused.number(), refused.reason())
                : ImportedLine.comment(line.number());
    }

    private ImportedLine job(CrontabLine.Job job) {
        Optional<ZoneId> zone = surroundings.zone();
        if (zone.isEmpty()) {
            return ImportedLine.notDone(job.number(), "the time zone that the crontab names before is not known");
        }
        ClockPolicy.Timing timing =
                new ClockPolicy(zone.get(), reading.now()).of(job.time()).spreadOver(surroundings.jitter());
        List<String> remarks = new ArrayList<>(job.time().remarks());
        job.user()
                .ifPresent(user -> remarks.add(
                        "cron executes it as " + user + ", and a worker as the user that the worker runs as"));
        timing.remark().ifPresent(remarks::add);
        String id = id(job);
        ImportedPipeline pipeline =
                new ImportedPipeline(id, text(id, job, timing, remarks), timing.expression(), timing.zone());
        ParsedPipeline parsed =
                PipelineParser.parse(id + ".yaml", pipeline.text().getBytes(StandardCharsets.UTF_8));
        if (!parsed.problems().isEmpty()) {
            return ImportedLine.notDone(
                    job.number(),
                    parsed.problems().stream().map(Problem::message).collect(Collectors.joining("; ")));
        }
        taken.add(id);
        return ImportedLine.pipeline(job.number(), pipeline, remarks);
    }

    private String text(String id, CrontabLine.Job job, ClockPolicy.Timing timing, List<String> remarks) {
        List<String> comments = new ArrayList<>();
        comments.add("From line " + job.number() + " of " + reading.name() + ":");
        comments.add("  " + job.text());
        comments.addAll(remarks);
        if (surroundings.zone().filter(timing.zone()::equals).isEmpty()) {
            comments.add(
                    "What runs every hour of every day is the same in any time zone, and undisturbed by clocks in UTC.");
        }
        if (!surroundings.mailTo().isEmpty()) {
            comments.add("cron mails what it writes to " + surroundings.mailTo()
                    + "; Millrace keeps it (millrace logs), and mails nothing.");
        }
        String script = ShellText.of(job, surroundings.shell(), surroundings.pathForScript());
        return PipelineText.of(id, comments, timing, script, surroundings.variables());
    }

    private String id(CrontabLine.Job job) {
        String name = PipelineName.of(job.command());
        String first = name.isEmpty() ? "job_" + job.number() : name;
        String id = first;
        for (int i = 2; taken.contains(id); i++) {
            id = first + "_" + i;
        }
        return id;
    }
}

package io.millrace.cli.crontab;

import io.millrace.schedule.DstPolicy;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** The file of a pipeline that does what a line of a crontab did. */
final class PipelineText {
    private static final int LONGEST_COMMENT = 500;

    private PipelineText() {}

    /**
     * The file.
     *
     * @param comments what is to be known of it, a line each
     * @param env the variables of the task, as they are
     */
    static String of(
            String id, List<String> comments, ClockPolicy.Timing timing, String script, Map<String, String> env) {
        StringBuilder text = new StringBuilder();
        comments.forEach(comment -> text.append("# ")
                .append(YamlText.comment(comment, LONGEST_COMMENT))
                .append('\n'));
        text.append("id: ").append(YamlText.scalar(id)).append('\n');
        text.append("triggers:\n  - id: crontab\n    schedule:\n");
        text.append("      cron: ").append(YamlText.scalar(timing.expression())).append('\n');
        text.append("      timezone: ").append(zone(timing)).append('\n');
        if (timing.dst() == DstPolicy.ALL) {
            text.append("      dst: all\n");
        }
        if (!timing.jitter().isZero()) {
            text.append("      jitter: ").append(timing.jitter().toMinutes()).append("m\n");
        }
        text.append("      missed: none\n");
        text.append("tasks:\n  - id: command\n");
        text.append("    shell: ").append(YamlText.block(script, 6)).append('\n');
        if (!env.isEmpty()) {
            text.append("    env:\n");
            env.forEach((name, value) -> text.append("      ")
                    .append(YamlText.scalar(name))
                    .append(": ")
                    .append(YamlText.scalar(value.replace("${{", "$${{")))
                    .append('\n'));
        }
        return text.append("    on_worker_loss: fail\n").toString();
    }

    private static String zone(ClockPolicy.Timing timing) {
        return timing.zone().equals(ZoneOffset.UTC)
                ? "UTC"
                : YamlText.scalar(timing.zone().getId());
    }
}

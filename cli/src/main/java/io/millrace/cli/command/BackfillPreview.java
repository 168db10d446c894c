package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Listing;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import java.util.List;

/** What a backfill would do about ticks. */
final class BackfillPreview {
    private BackfillPreview() {}

    static Table table(Listing.Part found) {
        Table table = new Table("TICK", "RUN", "WOULD");
        for (JsonNode tick : found.entries()) {
            String action = tick.path("action").asText();
            table.row()
                    .cell(tick.path("at").asText())
                    .cell(tick.path("run").asText())
                    .cell(words(tick.path("status").asText(""), action), style(action));
        }
        return table;
    }

    private static String words(String status, String action) {
        return switch (action) {
            case "start" -> "start";
            case "rerun" -> status + ": run again";
            default -> status + ": skipped";
        };
    }

    private static Style style(String action) {
        return switch (action) {
            case "start" -> Style.GREEN;
            case "rerun" -> Style.YELLOW;
            default -> Style.DIM;
        };
    }

    /** Of the ticks that are shown, how many of each. */
    static String counts(List<JsonNode> ticks) {
        long start = ticks.stream()
                .filter(tick -> tick.path("action").asText().equals("start"))
                .count();
        long again = ticks.stream()
                .filter(tick -> tick.path("action").asText().equals("rerun"))
                .count();
        return start + " would start, " + again + " would run again, " + (ticks.size() - start - again)
                + " would be skipped";
    }
}

package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.AlertView;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.engine.RunId;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** Which alert is meant. */
final class AlertArgument {
    @Parameters(
            index = "0",
            paramLabel = "ALERT",
            description =
                    "The alert: its pipeline and rule, such as iris/failed, with its group behind them where it has"
                            + " one; or its id; or last for the one at the top of the list.")
    private String alert = "";

    /** Its id. @throws UsageException when there is none */
    String id(ApiClient api) {
        if (RunId.isValid(alert)) {
            return alert;
        }
        for (JsonNode each : api.alerts(Optional.empty(), Optional.empty()).path("alerts")) {
            AlertView known = Json.as(AlertView.class, each);
            if (alert.equals("last") || alert.equals(known.key())) {
                return known.id();
            }
        }
        throw new UsageException(
                alert.equals("last")
                        ? "there are no alerts"
                        : "there is no alert " + alert + "; `millrace alerts --all` lists those that there are");
    }
}

package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.profile.Profile;
import io.millrace.cli.profile.Profiles;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "profiles",
        description = "List the clusters that you have given names to.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace profiles",
            "  millrace --profile staging runs",
            "",
            "They are in $MILLRACE_CONFIG, else in ~/.config/millrace/config.yaml:",
            "  default: staging",
            "  profiles:",
            "    staging:",
            "      url: https://millrace.example.org",
            "      kafka: kafka.example.org:9092",
            "      registry: https://registry.example.org",
            "      prefix: millrace.",
            "      client: {security.protocol: SASL_SSL}     # settings of Kafka's clients; secrets are never shown"
        })
final class ProfilesCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    ProfilesCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        Profiles all = millrace.profiles().all();
        Optional<String> current = millrace.profile().map(Profile::name);
        String file = millrace.profiles().file().map(Object::toString).orElse("");
        if (millrace.json()) {
            terminal.line(Json.pretty(json(all, current, file)));
        } else if (all.byName().isEmpty()) {
            terminal.note(
                    "no profiles" + (file.isEmpty() ? "" : " in " + file) + "; `millrace profiles --help` shows one");
        } else {
            table(all, current).lines(terminal, "").forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(Profiles all, Optional<String> current) {
        Table table = new Table("", "PROFILE", "URL", "KAFKA", "REGISTRY", "PREFIX");
        for (Profile profile : all.byName().values()) {
            table.row()
                    .cell(current.filter(profile.name()::equals).isPresent() ? "*" : "")
                    .cell(profile.name())
                    .cell(shown(profile.url()))
                    .cell(profile.kafka().orElse(""))
                    .cell(shown(profile.registry()))
                    .cell(profile.prefix().orElse(""));
        }
        return table;
    }

    private static String shown(Optional<URI> url) {
        return url.map(Profile::masked).orElse("");
    }

    private static ObjectNode json(Profiles all, Optional<String> current, String file) {
        ObjectNode json = Json.object().put("file", file).put("current", current.orElse(null));
        ArrayNode list = json.putArray("profiles");
        for (Profile profile : all.byName().values()) {
            list.addObject()
                    .put("name", profile.name())
                    .put("url", profile.url().map(Profile::masked).orElse(null))
                    .put("kafka", profile.kafka().orElse(null))
                    .put("registry", profile.registry().map(Profile::masked).orElse(null))
                    .put("prefix", profile.prefix().orElse(null))
                    .set("client", Json.tree(profile.maskedClient()));
        }
        return json;
    }
}

package io.millrace.cli.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests of a page with the answers that it shows: each curl of its {@code sh} and {@code console} blocks, and the {@code json}
 * block that follows before the next request does. What a page leaves out, as <code>{…}</code> or <code>,…}</code>, is the member "…".
 */
record DocumentedExchanges(List<Exchange> exchanges) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?<kind>sh|console|json)\\n(?<body>.*?)^```");
    private static final Pattern REQUEST =
            Pattern.compile("(?m)^(?:\\$ )?(?<curl>curl (?:[^\\n'\"\\\\]|'[^']*'|\"[^\"]*\"|\\\\\\n|\\\\.)*)$");

    /**
     * A request.
     *
     * @param line of the page on which it begins
     * @param shown the answer as the page has it; empty where it shows none
     */
    record Exchange(int line, String curl, Optional<JsonNode> shown) {}

    static DocumentedExchanges of(String page) {
        List<Exchange> exchanges = new ArrayList<>();
        List<Exchange> open = new ArrayList<>();
        Matcher block = BLOCK.matcher(page);
        while (block.find()) {
            String body = block.group("body");
            int line = (int) page.substring(0, block.start("body")).lines().count() + 1;
            if (block.group("kind").equals("json")) {
                JsonNode shown = shown(body, line);
                open.forEach(each -> exchanges.add(new Exchange(each.line(), each.curl(), Optional.of(shown))));
                open.clear();
                continue;
            }
            List<Exchange> requests = requests(body, line);
            if (!requests.isEmpty()) {
                exchanges.addAll(open);
                open.clear();
                open.addAll(requests);
            }
        }
        exchanges.addAll(open);
        return new DocumentedExchanges(List.copyOf(exchanges));
    }

    private static List<Exchange> requests(String body, int firstLine) {
        List<Exchange> requests = new ArrayList<>();
        Matcher request = REQUEST.matcher(body);
        while (request.find()) {
            int line = firstLine
                    + (int) body.substring(0, request.start())
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            requests.add(new Exchange(line, request.group("curl"), Optional.empty()));
        }
        return requests;
    }

    private static JsonNode shown(String body, int line) {
        String complete = body.replace("{…}", "{\"…\":true}").replace(",…}", ",\"…\":true}");
        JsonNode shown = Json.parse(complete);
        if (!shown.isObject()) {
            throw new AssertionError("what line " + line + " shows is no JSON: " + body);
        }
        return shown;
    }
}

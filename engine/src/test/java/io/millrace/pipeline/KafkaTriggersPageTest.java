package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/kafka-triggers.md shows is read by the code that it describes. */
class KafkaTriggersPageTest {
    private static final Path PAGE = Path.of("..", "docs", "kafka-triggers.md");

    @Test
    void itsPipelinesAreGood() throws IOException {
        assertThat(pipelines())
                .hasSize(2)
                .allSatisfy(
                        yaml -> assertThat(PipelineParser.parse("p.yaml", yaml).problems())
                                .isEmpty());
    }

    @Test
    void itsPipelinesDoWhatItSays() throws IOException, EvaluationException {
        TriggerDefinition order = trigger(0);
        Object large = Document.parseValue("{\"type\": \"order.created\", \"amount\": 1000, \"customer_id\": \"c\"}");
        assertThat(order.accepts(TriggerScope.ofRecord(large, Map::of))).isTrue();
        assertThat(order.inputsOf(TriggerScope.ofRecord(large, Map::of)))
                .isEqualTo(Document.of(Map.of("customer", "c", "amount", 1000L)));

        TriggerDefinition batch = trigger(1);
        Object paid = Document.parseValue("{\"id\": 7, \"amount\": 1.5, \"state\": \"PAID\"}");
        assertThat(batch.accepts(TriggerScope.ofRecord(paid, Map::of))).isTrue();
        assertThat(batch.inputsOf(TriggerScope.ofBatch(List.of(paid, paid))).json())
                .isEqualTo("{\"orders\":[{\"amount\":1.5,\"id\":7},{\"amount\":1.5,\"id\":7}]}");
    }

    @Test
    void theExampleListensToWhatTheOtherOneSends() throws IOException, EvaluationException {
        TriggerDefinition large = PipelineParser.parse(
                        "accepted.yaml", Files.readAllBytes(Path.of("..", "docs", "examples", "accepted.yaml")))
                .orElseThrow()
                .triggers()
                .get(0);
        TriggerScope small = TriggerScope.ofRecord(
                Document.parseValue("{\"order\":{\"amount\":3.5,\"id\":\"a1\"},\"run\":\"r\"}"), Map::of);
        TriggerScope accepted = TriggerScope.ofRecord(
                Document.parseValue("{\"order\":{\"amount\":4,\"id\":\"a2\"},\"run\":\"r\"}"), Map::of);
        assertThat(large.accepts(small)).isFalse();
        assertThat(large.accepts(accepted)).isTrue();
        assertThat(large.inputsOf(accepted)).isEqualTo(Document.of(Map.of("order", "a2", "amount", 4L)));
    }

    private static TriggerDefinition trigger(int pipeline) throws IOException {
        return PipelineParser.parse("p.yaml", pipelines().get(pipeline))
                .orElseThrow()
                .triggers()
                .get(0);
    }

    private static List<String> pipelines() throws IOException {
        return Pattern.compile("(?ms)^```yaml\\n(.*?)^```\\n")
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}

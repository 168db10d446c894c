package io.millrace.coordinator.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.expression.Document;
import io.millrace.schemas.wire.GenericDecoder.Datum;
import io.millrace.schemas.wire.UndecodableException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroJsonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type": "int", "logicalType": "date"}                     | 20454                | 2026-01-01
            {"type": "int", "logicalType": "time-millis"}              | 45296789             | 12:34:56.789
            {"type": "int"}                                            | -7                   | -7
            {"type": "long", "logicalType": "timestamp-millis"}        | 1772323200123        | 2026-03-01T00:00:00.123Z
            {"type": "long", "logicalType": "timestamp-millis"}        | -1                   | 1969-12-31T23:59:59.999Z
            {"type": "long", "logicalType": "timestamp-micros"}        | 1772323200123456     | 2026-03-01T00:00:00.123456Z
            {"type": "long", "logicalType": "timestamp-nanos"}         | 1772323200123456789  | 2026-03-01T00:00:00.123456789Z
            {"type": "long", "logicalType": "time-micros"}             | 45296789000          | 12:34:56.789
            {"type": "long", "logicalType": "local-timestamp-millis"}  | 1772323200000        | 2026-03-01T00:00
            {"type": "long", "logicalType": "local-timestamp-micros"}  | 1772323200123456     | 2026-03-01T00:00:00.123456
            {"type": "long", "logicalType": "local-timestamp-nanos"}   | 1                    | 1970-01-01T00:00:00.000000001
            {"type": "long"}                                           | 9223372036854775807  | 9223372036854775807
            """)
    void writesIntegersAsPeopleDo(String schema, long value, String json) throws UndecodableException {
        Schema parsed = SchemaParser.parseSingle(schema);
        Object stored = parsed.getType() == Schema.Type.INT ? (Object) (int) value : (Object) value;
        assertThat(AvroJson.of(new Datum(parsed, stored))).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource({
        "1234.50, 1234.5",
        "1000.00, 1000",
        "-3.00, -3",
        "0.00, 0",
        "99999999999999999999.00, 1.0E20",
    })
    void writesDecimalsAsNumbers(BigDecimal value, String json) throws UndecodableException {
        Schema schema = SchemaParser.parseSingle(
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 30, \"scale\": 2}");
        BigInteger unscaled = value.setScale(2).unscaledValue();
        assertThat(AvroJson.of(new Datum(schema, ByteBuffer.wrap(unscaled.toByteArray()))))
                .hasToString(json);
    }

    @Test
    void takesRecordsApart() throws UndecodableException {
        Schema schema = SchemaParser.parseSingle("""
                {"type": "record", "name": "Order", "fields": [
                  {"name": "id", "type": "string"},
                  {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]}},
                  {"name": "note", "type": ["null", "string"]},
                  {"name": "price", "type": ["null", "double", "long"]},
                  {"name": "lines", "type": {"type": "array", "items": {"type": "map", "values": "float"}}},
                  {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2}},
                  {"name": "gap", "type": {"type": "fixed", "name": "Gap", "size": 12, "logicalType": "duration"}},
                  {"name": "nothing", "type": "null"},
                  {"name": "odd", "type": "double"}
                ]}
                """);
        GenericData.Record order = new GenericData.Record(schema);
        order.put("id", "o-1");
        order.put("state", new GenericData.EnumSymbol(schema.getField("state").schema(), "PAID"));
        order.put("price", 17L);
        order.put("lines", List.of(Map.of("a", 1.5f)));
        order.put("hash", new GenericData.Fixed(schema.getField("hash").schema(), new byte[] {1, 2}));
        order.put("gap", new GenericData.Fixed(schema.getField("gap").schema(), new byte[] {
            1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0
        }));
        order.put("odd", Double.NaN);

        assertThat(Document.ofValue(AvroJson.of(new Datum(schema, order))).json())
                .isEqualTo(
                        "{\"gap\":{\"days\":2,\"millis\":3,\"months\":1},\"hash\":\"AQI=\",\"id\":\"o-1\","
                                + "\"lines\":[{\"a\":1.5}],\"note\":null,\"nothing\":null,\"odd\":\"NaN\",\"price\":17,\"state\":\"PAID\"}");
    }

    @Test
    void refusesWhatNoCalendarHas() {
        Schema schema = SchemaParser.parseSingle("{\"type\": \"int\", \"logicalType\": \"time-millis\"}");
        assertThatThrownBy(() -> AvroJson.of(new Datum(schema, -1)))
                .isInstanceOf(UndecodableException.class)
                .hasMessageStartingWith("no value that JSON can hold: ");
    }

    @Test
    void refusesWhatIsNestedTooDeeply() {
        Schema schema = SchemaParser.parseSingle(
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"r\", \"type\": [\"null\", \"R\"]}]}");
        GenericData.Record record = new GenericData.Record(schema);
        for (int i = 0; i < Document.MAX_DEPTH; i++) {
            GenericData.Record outer = new GenericData.Record(schema);
            outer.put("r", record);
            record = outer;
        }
        Datum deep = new Datum(schema, record);
        assertThatThrownBy(() -> AvroJson.of(deep))
                .isInstanceOf(UndecodableException.class)
                .hasMessage("lists and objects nest deeper than 100");
    }
}

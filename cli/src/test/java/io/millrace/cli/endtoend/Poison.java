package io.millrace.cli.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.schemas.registry.SchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * A record that a topic should never see.
 *
 * @param what what is wrong with it
 * @param key its key
 * @param value its value
 * @param readable whether it is Avro of the topic's type all the same
 */
record Poison(String what, byte[] key, byte[] value, boolean readable) {
    private static final int HEADER_BYTES = 5;
    private static final int HUGE_BYTES = 900_000;
    private static final byte[] NO_TEXT = {(byte) 0xff, (byte) 0xfe, 0, (byte) 0x80};
    private static final List<String> HOSTILE = List.of(
            "",
            "\u0000",
            "../../../../etc/passwd",
            "'; DROP TABLE runs; --<script>alert(1)</script>",
            "${{ secrets.a }}${jndi:ldap://127.0.0.1/a}%n%s",
            "\u202e\ud83d\ude00\ufeff\n\r\t\u001b[31m",
            "x".repeat(50_000));

    /** All of them, made of a record that the topic's own writers wrote. */
    static List<Poison> of(
            String topic, byte[] key, byte[] value, byte[] valueOfAnotherType, SchemaRegistryClient registry) {
        List<Poison> all = new ArrayList<>();
        all.add(unreadable("no value", key, null));
        all.add(unreadable("an empty value", key, new byte[0]));
        all.add(unreadable("another magic byte", key, with(value, 0, (byte) 1)));
        all.add(unreadable("an unknown schema", key, with(value, 1, (byte) 0x7f)));
        all.add(unreadable("a negative schema", key, with(value, 1, (byte) 0xff)));
        all.add(unreadable("the header alone", key, Arrays.copyOf(value, HEADER_BYTES)));
        all.add(unreadable(
                "the first half", key, Arrays.copyOf(value, HEADER_BYTES + (value.length - HEADER_BYTES) / 2)));
        all.add(unreadable("a huge value", key, huge(value)));
        all.add(unreadable("JSON", key, "{\"type\":\"START\",\"run_id\":\"x\"}".getBytes(StandardCharsets.UTF_8)));
        all.add(unreadable("Avro of another type", key, valueOfAnotherType));
        all.add(readable("the same again", key, value));
        all.add(readable("the same without a key", null, value));
        all.add(readable("the same with a key that is no text", NO_TEXT, value));
        Schema schema = registry.schemaById(ByteBuffer.wrap(value, 1, 4).getInt());
        byte[] other = "poison".getBytes(StandardCharsets.UTF_8);
        for (String text : HOSTILE) {
            all.add(readable(
                    "hostile strings", other, hostile(schema, value, text, Integer.MAX_VALUE, Long.MAX_VALUE)));
        }
        all.add(readable(
                "the least numbers", other, hostile(schema, value, "poison", Integer.MIN_VALUE, Long.MIN_VALUE)));
        ofTheFuture(schema, topic, value, registry)
                .ifPresent(made -> all.add(readable("a word of the future", key, made)));
        return all;
    }

    private static Poison unreadable(String what, byte[] key, byte[] value) {
        return new Poison(what, key, value, false);
    }

    private static Poison readable(String what, byte[] key, byte[] value) {
        return new Poison(what, key, value, true);
    }

    private static byte[] with(byte[] value, int at, byte b) {
        byte[] copy = value.clone();
        copy[at] = b;
        return copy;
    }

    private static byte[] huge(byte[] value) {
        byte[] huge = new byte[HUGE_BYTES];
        Arrays.fill(huge, (byte) 0xff);
        System.arraycopy(value, 0, huge, 0, HEADER_BYTES);
        return huge;
    }

    private static byte[] hostile(Schema schema, byte[] value, String text, int number, long large) {
        GenericRecord record = read(schema, value);
        for (Schema.Field field : schema.getFields()) {
            switch (kind(field.schema())) {
                case STRING -> record.put(field.name(), text);
                case INT -> record.put(field.name(), number);
                case LONG -> record.put(field.name(), large);
                default -> {
                    // as it was
                }
            }
        }
        return written(record, value);
    }

    private static Schema.Type kind(Schema schema) {
        return schema.getType() == Schema.Type.UNION
                ? kind(schema.getTypes().get(schema.getTypes().size() - 1))
                : schema.getType();
    }

    /** As a newer version would write it whose enums know a word more. */
    private static Optional<byte[]> ofTheFuture(
            Schema schema, String topic, byte[] value, SchemaRegistryClient registry) {
        JsonNode json = Json.parse(schema.toString());
        if (!addWord(json)) {
            return Optional.empty();
        }
        Schema future = new Schema.Parser().parse(json.toString());
        GenericRecord record = read(schema, value);
        GenericRecord copy = new GenericData.Record(future);
        for (Schema.Field field : future.getFields()) {
            Object member = record.get(field.name());
            boolean word = field.schema().getType() == Schema.Type.ENUM;
            copy.put(field.name(), word ? new GenericData.EnumSymbol(field.schema(), "OF_THE_FUTURE") : member);
        }
        int id = registry.register(topic + "-of-the-future-value", future);
        byte[] header =
                ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array();
        return Optional.of(written(copy, header));
    }

    private static boolean addWord(JsonNode schema) {
        boolean added = false;
        for (JsonNode field : schema.path("fields")) {
            JsonNode type = field.path("type");
            if (type instanceof ObjectNode && type.path("type").asText().equals("enum")) {
                ((ArrayNode) type.path("symbols")).add("OF_THE_FUTURE");
                added = true;
            }
        }
        return added;
    }

    private static GenericRecord read(Schema schema, byte[] value) {
        try {
            return new GenericDatumReader<GenericRecord>(schema)
                    .read(
                            null,
                            DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] written(GenericRecord record, byte[] header) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(header, 0, HEADER_BYTES);
        var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}

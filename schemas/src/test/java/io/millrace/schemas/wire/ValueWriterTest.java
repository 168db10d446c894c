package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.RunEvent;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.state.EndedRun;
import io.millrace.state.StoredItems;
import io.millrace.state.StoredRun;
import io.millrace.state.StoredTask;
import io.millrace.state.WaitingCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueWriterTest {
    private static final int RECORDS = 300;

    static Stream<Class<? extends SpecificRecord>> types() {
        Topics topics = Topics.standard();
        Stream<Class<? extends SpecificRecord>> sent = Stream.concat(
                        topics.fixed().stream(), Stream.of(topics.tasks(QueueName.DEFAULT)))
                .map(Topic::valueType);
        return Stream.concat(
                sent,
                List.<Class<? extends SpecificRecord>>of(
                        StoredRun.class, StoredTask.class, StoredItems.class, EndedRun.class, WaitingCommand.class)
                        .stream());
    }

    @ParameterizedTest
    @MethodSource("types")
    void writesTheBytesThatAvroWrites(Class<? extends SpecificRecord> type) throws IOException {
        Schema schema = SpecificData.get().getSchema(type);
        ValueWriter ours = ValueWriter.of(schema);
        SpecificDatumWriter<Object> avros = new SpecificDatumWriter<>(schema);
        long seed = System.nanoTime();

        for (Object random : new RandomData(schema, RECORDS, seed, false)) {
            Object record = specific(schema, bytes(new GenericDatumWriter<>(schema), random));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            ours.write(record, encoder);
            encoder.flush();

            assertThat(out.toByteArray()).as("seed %d: %s", seed, record).isEqualTo(bytes(avros, record));
        }
    }

    @Test
    void saysWhichFieldIsWrong() {
        ValueWriter writer = ValueWriter.of(RunEvent.getClassSchema());
        BinaryEncoder nowhere = EncoderFactory.get().binaryEncoder(new ByteArrayOutputStream(), null);

        assertThatThrownBy(() -> writer.write(new RunEvent(), nowhere)).hasMessageContaining("its field type");
    }

    @Test
    void refusesWhatNoTopicHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueWriter.of(Schema.createFixed("hash", null, "x", 16)))
                .withMessageContaining("x.hash");
    }

    private static Object specific(Schema schema, byte[] bytes) throws IOException {
        return new SpecificDatumReader<>(schema).read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }

    private static byte[] bytes(DatumWriter<Object> writer, Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        writer.write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}

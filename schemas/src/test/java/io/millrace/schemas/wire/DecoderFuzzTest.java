package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.registry.TestingRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes are, decoding ends with a value or an {@link UndecodableException}, and takes no more memory than the bytes are worth. */
class DecoderFuzzTest {
    private static final String SEED = "millrace.fuzz.seed";
    private static final long ALLOWED_ALLOCATION = 16L * 1024 * 1024;
    private static final int RECORDS = 40;
    private static final int DAMAGES = 100;

    private static TestingRegistry registry;
    private static SchemaRegistryClient client;
    private static WireFormat format;

    @BeforeAll
    static void start() throws IOException {
        registry = TestingRegistry.start();
        client = new SchemaRegistryClient(registry.url());
        format = new WireFormat(client);
    }

    @AfterAll
    static void stop() {
        client.close();
        registry.close();
    }

    static Stream<Topic<?>> topics() {
        var topics = Topics.standard();
        return Stream.concat(topics.fixed().stream(), Stream.of(topics.tasks(QueueName.DEFAULT)));
    }

    @ParameterizedTest
    @MethodSource("topics")
    <T extends SpecificRecord> void survivesAnyRecordAndAnyDamage(Topic<T> topic) throws Exception {
        var seed = Long.getLong(SEED, System.nanoTime());
        System.out.println("DecoderFuzzTest " + topic + ": repeat with -D" + SEED + "=" + seed);
        var random = new Random(seed);
        var encoder = format.encoder(topic);
        var decoder = format.decoder(topic);
        for (var bytes : randomRecords(topic, random)) {
            var value = decoder.decode(bytes);
            assertThat(decoder.decode(encoder.encode(value))).isEqualTo(value);
            for (var i = 0; i < DAMAGES; i++) {
                decodeWithinLimits(decoder, damaged(bytes, random));
            }
        }
        var id = schemaId(topic);
        for (var i = 0; i < RECORDS * DAMAGES; i++) {
            decodeWithinLimits(decoder, noise(id, random));
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    <T extends SpecificRecord> void refusesEveryRecordThatIsCutShort(Topic<T> topic) throws Exception {
        var random = new Random(7);
        var decoder = format.decoder(topic);
        var whole = randomRecords(topic, random).get(0);
        for (var length = 0; length < whole.length; length++) {
            assertThat(decodeWithinLimits(decoder, Arrays.copyOf(whole, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .isFalse();
        }
    }

    /** True when the bytes are a record. */
    private static boolean decodeWithinLimits(Decoder<?> decoder, byte[] bytes) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadAllocatedBytes();
        boolean decoded;
        try {
            decoder.decode(bytes);
            decoded = true;
        } catch (UndecodableException expected) {
            if (!expected.getMessage().startsWith("not a ")) {
                fail("this does not say what was expected", expected);
            }
            decoded = false;
        }
        var allocated = threads.getCurrentThreadAllocatedBytes() - before;
        if (allocated > ALLOWED_ALLOCATION) {
            fail("decoding %d bytes took %d bytes of memory", bytes.length, allocated);
        }
        return decoded;
    }

    /** The bytes with up to four faults behind the header, which other tests damage. */
    private static byte[] damaged(byte[] bytes, Random random) {
        var damaged = bytes.clone();
        for (var i = random.nextInt(4); i >= 0 && damaged.length > 5; i--) {
            var at = 5 + random.nextInt(damaged.length - 5);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] = (byte) random.nextInt();
                case 1 -> damaged = Arrays.copyOf(damaged, at);
                case 2 -> damaged = inserted(damaged, at, varint(random));
                default -> damaged[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return damaged;
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] more) {
        return ByteBuffer.allocate(bytes.length + more.length)
                .put(bytes, 0, at)
                .put(more)
                .put(bytes, at, bytes.length - at)
                .array();
    }

    /** A length of any size, as Avro writes it. */
    private static byte[] varint(Random random) {
        var out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            encoder.writeLong(random.nextLong() >> random.nextInt(64));
            encoder.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static byte[] noise(int schemaId, Random random) {
        var bytes = new byte[5 + random.nextInt(200)];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).put((byte) 0).putInt(schemaId);
        return bytes;
    }

    private static <T extends SpecificRecord> List<byte[]> randomRecords(Topic<T> topic, Random random)
            throws IOException {
        var schema = SpecificData.getForClass(topic.valueType()).getSchema(topic.valueType());
        var header =
                ByteBuffer.allocate(5).put((byte) 0).putInt(schemaId(topic)).array();
        var records = new ArrayList<byte[]>();
        for (var record : new RandomData(schema, RECORDS, random.nextLong())) {
            var out = new ByteArrayOutputStream();
            out.write(header);
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(record, encoder);
            encoder.flush();
            records.add(out.toByteArray());
        }
        return records;
    }

    private static int schemaId(Topic<?> topic) {
        return client.register(
                topic.subject(), SpecificData.getForClass(topic.valueType()).getSchema(topic.valueType()));
    }
}

package io.millrace.coordinator.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RunEvent;
import io.millrace.schemas.wire.SingleObjectEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

class OutlineReaderTest {
    private static final SingleObjectEncoder<RunEvent> ENCODER = new SingleObjectEncoder<>(RunEvent.class);

    private final EventCodec codec = new EventCodec(List.of());
    private final OutlineReader outlines = new OutlineReader();
    private final int from = codec.header().length;

    @Test
    void readsOfEveryEventWhatDecodingItTells() {
        for (RunEvent event : ofAllKinds()) {
            assertThat(outlines.read(ENCODER.encode(event), from)).contains(EventOutline.of(event));
        }
    }

    /** Otherwise an event would be kept that nobody can read later, and the whole database be taken for damaged. */
    @Test
    void whatItTakesForWholeCanBeDecoded() throws IOException {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> whole = new ArrayList<>();
        ofAllKinds().forEach(event -> whole.add(ENCODER.encode(event)));
        for (Object any : new RandomData(RunEvent.getClassSchema(), 30, random.nextLong())) {
            whole.add(encoded(any));
        }
        int taken = 0;
        for (byte[] event : whole) {
            for (int i = 0; i < 3_000; i++) {
                byte[] damaged = damaged(event, random);
                Optional<EventOutline> outline = outlines.read(damaged, from);
                if (outline.isPresent()) {
                    taken++;
                    assertThat(EventOutline.of(codec.decode(damaged)))
                            .as("-Dmillrace.seed=" + seed)
                            .isEqualTo(outline.get());
                }
            }
        }
        assertThat(taken).as("damage that leaves an event").isPositive();
    }

    @Test
    void anEventThatIsCutShortOrGoesOnIsNotWhole() {
        byte[] event = ENCODER.encode(ofAllKinds().get(2));
        for (int length = from; length < event.length; length++) {
            assertThat(outlines.read(Arrays.copyOf(event, length), from)).isEmpty();
        }
        assertThat(outlines.read(Arrays.copyOf(event, event.length + 1), from)).isEmpty();
    }

    @Test
    void aNumberThatIsLongerThanItsKindMayBeIsDamage() {
        byte[] event = ENCODER.encode(TestingEvents.aRun().started("a").events().get(0));
        byte[] longer = new byte[event.length - from + 5];
        System.arraycopy(event, from, longer, 5, event.length - from);
        byte[] number = {(byte) (event[from] | 0x80), (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0};
        System.arraycopy(number, 0, longer, 0, number.length);

        assertThat(outlines.read(longer, 0)).isEmpty();
    }

    @Test
    void anIdThatIsNotPlainIsLeftToTheDecoder() {
        RunEvent run = TestingEvents.aRun("\u00fc").started("a").events().get(0);
        RunEvent pipeline =
                TestingEvents.aRun().of("\u00fc", 1).started("a").events().get(0);

        assertThat(outlines.read(ENCODER.encode(run), from)).isEmpty();
        assertThat(outlines.read(ENCODER.encode(pipeline), from)).isEmpty();
    }

    private static List<RunEvent> ofAllKinds() {
        return TestingEvents.aRun()
                .started("a", "b")
                .taskStarted("a", 1, 1, "w1")
                .taskSucceeded("a", 1, 1, "{\"text\":\"\u00e4\u20ac\"}", "c")
                .taskFailed("b", 2, 3)
                .taskProgressed("c", 0.25, "{\"at\":1}")
                .taskHasItems("d", 100_000)
                .lateReportRejected("a")
                .runRerun(List.of("a", "b"), "a")
                .runFailed("it failed")
                .events();
    }

    private byte[] encoded(Object any) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(codec.header());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(RunEvent.getClassSchema()).write(any, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private byte[] damaged(byte[] whole, Random random) {
        int length = random.nextInt(4) == 0 ? from + random.nextInt(whole.length - from + 8) : whole.length;
        byte[] damaged = Arrays.copyOf(whole, length);
        for (int i = random.nextInt(3); i >= 0 && length > from; i--) {
            int at = from + random.nextInt(length - from);
            damaged[at] = (byte) (random.nextBoolean() ? random.nextInt() : damaged[at] ^ (1 << random.nextInt(8)));
        }
        return damaged;
    }

    @Test
    void noiseIsNoEvent() {
        byte[] noise = "\0this is some text and no event at all".getBytes(StandardCharsets.UTF_8);

        assertThat(outlines.read(noise, 0)).isEmpty();
        assertThat(outlines.read(new byte[0], 0)).isEmpty();
    }
}

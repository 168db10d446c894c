package io.millrace.audit.reading;

import io.millrace.audit.replay.RecordedRun;
import io.millrace.audit.verify.Definitions;
import io.millrace.audit.verify.Recorded;
import io.millrace.engine.RunId;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.Pipeline;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads one run from the audit log: the partition of its key, up to where it ends at the call.
 *
 * <p><b>Threading:</b> used by one thread.
 */
public final class RunLog {
    private final KafkaAccess access;
    private final WireFormat wire;
    private final Topics topics;
    private final AuditProgress progress;

    /** A reader of the platform whose topics these are. */
    public RunLog(KafkaAccess access, WireFormat wire, AuditProgress progress) {
        this.access = access;
        this.wire = wire;
        this.topics = access.topics();
        this.progress = progress;
    }

    /**
     * The run; empty when the log has no event of it.
     *
     * @throws AuditUnavailableException when Kafka is away, or the beginning of the run or its pipeline is not on record
     */
    public Optional<RecordedRun> read(RunId run) {
        LogStretch stretch;
        try (LogSurvey survey = new LogSurvey(access)) {
            stretch = survey.everything();
        }
        try (StretchReader reader = new StretchReader(access, stretch)) {
            List<Recorded<RunEvent>> events = events(reader, stretch, run);
            if (events.isEmpty()) {
                return Optional.empty();
            }
            RunEvent first = events.get(0).value();
            if (first.getType() != RunEventType.RUN_STARTED) {
                throw new AuditUnavailableException("the beginning of the run " + run
                        + " is no longer on record: event " + first.getSequence() + " is the first that is");
            }
            Definitions definitions = LoggedDefinitions.read(reader, stretch, wire, topics.pipelines(), progress);
            Pipeline pipeline = definitions
                    .find(first.getPipeline(), first.getVersion())
                    .orElseThrow(() -> new AuditUnavailableException("version " + first.getVersion()
                            + " of the pipeline " + first.getPipeline() + " is not on record"));
            return Optional.of(new RecordedRun(run, pipeline, first.getVersion(), events));
        }
    }

    private List<Recorded<RunEvent>> events(StretchReader reader, LogStretch stretch, RunId run) {
        byte[] key = run.value().getBytes(StandardCharsets.UTF_8);
        Decoder<RunEvent> decoder = wire.decoder(topics.runEvents());
        List<Recorded<RunEvent>> events = new ArrayList<>();
        List<TopicPartition> all = stretch.partitions(topics.runEvents());
        // As Kafka's producers choose the partition of a key.
        int partition = Utils.toPositive(Utils.murmur2(key)) % all.size();
        reader.read("events", List.of(new TopicPartition(topics.runEvents().name(), partition)), progress, record -> {
            if (Arrays.equals(record.key(), key)) {
                Records.decode(decoder, record)
                        .filter(event -> event.value().getSequence() > 0)
                        .ifPresent(events::add);
            }
        });
        return events;
    }
}

package io.millrace.audit.reading;

import io.millrace.audit.verify.Definitions;
import io.millrace.event.PipelineDefinition;
import io.millrace.schemas.Topic;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.WireFormat;

/** Reads all versions of pipelines that are on record. */
final class LoggedDefinitions {
    private LoggedDefinitions() {}

    static Definitions read(
            StretchReader reader,
            LogStretch stretch,
            WireFormat wire,
            Topic<PipelineDefinition> topic,
            AuditProgress progress) {
        Definitions definitions = new Definitions();
        Decoder<PipelineDefinition> decoder = wire.decoder(topic);
        reader.read("pipelines", stretch.partitions(topic), progress, record -> {
            if (record.value() != null) {
                Records.decode(decoder, record).ifPresent(value -> definitions.add(value.value()));
            }
        });
        return definitions;
    }
}

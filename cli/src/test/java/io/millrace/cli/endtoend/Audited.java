package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.audit.reading.AuditProgress;
import io.millrace.audit.reading.AuditResult;
import io.millrace.audit.reading.AuditSettings;
import io.millrace.audit.reading.LogAudit;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;

/** Proves by the topics alone that the guarantees hold, whatever a test has done. */
final class Audited {
    private Audited() {}

    static AuditResult holds(KafkaAccess access) {
        try (SchemaRegistryClient registry = new SchemaRegistryClient(access.registryUrl())) {
            AuditResult result =
                    new LogAudit(access, new WireFormat(registry), AuditProgress.SILENT).verify(AuditSettings.STANDARD);
            System.out.println(
                    "audited: " + result.records() + " in " + result.took().toMillis() + " ms, under way "
                            + result.verdict().underWay() + ", not judged "
                            + result.verdict().passedOver());
            assertThat(result.verdict().violations()).isEmpty();
            return result;
        }
    }
}

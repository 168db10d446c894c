package io.millrace.worker.kafka;

import io.millrace.schemas.registry.RegisteredSchema;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.registry.SchemaRegistryClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The latest schemas of the registry's subjects, asked for again after a minute.
 *
 * <p><b>Threading:</b> any number of threads.
 */
final class Subjects {
    private static final Duration FRESH = Duration.ofMinutes(1);

    private record Known(RegisteredSchema schema, long atNanos) {}

    private final SchemaRegistryClient registry;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Subjects(SchemaRegistryClient registry) {
        this.registry = registry;
    }

    RegisteredSchema latest(String subject) throws RecordFault {
        Known held = known.get(subject);
        if (held != null && System.nanoTime() - held.atNanos() < FRESH.toNanos()) {
            return held.schema();
        }
        Optional<RegisteredSchema> found;
        try {
            found = registry.latest(subject);
        } catch (RegistryUnavailableException e) {
            throw new RecordFault("The schema registry is away: " + e.getMessage() + ".", true);
        } catch (RegistryException e) {
            throw RecordFault.permanent("The schema registry gives no Avro schema for the subject '" + subject + "': "
                    + e.getMessage() + ".");
        }
        RegisteredSchema schema =
                found.orElseThrow(() -> RecordFault.permanent("The schema registry has no subject '" + subject + "'."));
        known.put(subject, new Known(schema, System.nanoTime()));
        return schema;
    }
}

package io.millrace.cli.chaos;

import io.millrace.schemas.config.KafkaAccess;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** What the brokers say of their replicas. */
final class Replicas {
    private Replicas() {}

    /** Whether every partition has all of its replicas in sync. */
    static boolean areInSync(KafkaAccess access) {
        Map<String, Object> properties = access.adminProperties();
        properties.put("default.api.timeout.ms", 10_000);
        properties.put("request.timeout.ms", 5_000);
        try (Admin admin = Admin.create(properties)) {
            Set<String> names = admin.listTopics().names().get();
            return admin.describeTopics(names).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException e) {
            return false; // A broker is not back yet.
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

package io.millrace.cli.confluent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A service that knows nothing of Millrace but the schema of a trigger: it sends with Confluent's own serializer. It runs
 * in a process of its own, on Confluent's classes and their old Kafka client; nothing of ours is on its class path.
 */
public final class ConfluentSender {
    private ConfluentSender() {}

    /** Arguments: bootstrap servers, registry, topic, file of the schema, pipeline, first and last number of a key. */
    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", arguments[0],
                "schema.registry.url", arguments[1],
                "key.serializer", "org.apache.kafka.common.serialization.StringSerializer",
                "value.serializer", "io.confluent.kafka.serializers.KafkaAvroSerializer",
                "acks", "all");
        Schema schema = new Schema.Parser().parse(Files.readString(Path.of(arguments[3])));
        try (KafkaProducer<String, GenericRecord> producer = new KafkaProducer<>(properties)) {
            for (int number = Integer.parseInt(arguments[5]); number <= Integer.parseInt(arguments[6]); number++) {
                GenericRecord trigger = new GenericData.Record(schema);
                trigger.put("pipeline", arguments[4]);
                trigger.put("idempotency_key", "order-" + number);
                trigger.put("payload", "{\"order\": " + number + "}");
                trigger.put("source", "orders");
                producer.send(new ProducerRecord<>(arguments[2], "order-" + number, trigger))
                        .get();
            }
        }
        System.out.println("sent");
    }
}

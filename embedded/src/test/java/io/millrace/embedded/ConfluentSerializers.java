package io.millrace.embedded;

import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Confluent's KafkaAvroSerializer and KafkaAvroDeserializer, unchanged, with the Avro and the Kafka client that come with
 * them, in a class loader of their own: records go in and out as Avro's JSON and bytes, for nothing else is known to both sides.
 */
final class ConfluentSerializers implements AutoCloseable {
    private static final Path JAR = Path.of("target", "interop", "confluent-serializers.jar");

    private final URLClassLoader loader;
    private final Map<String, Object> settings;

    ConfluentSerializers(URI registryUrl) throws Exception {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(JAR + " is put there by the build");
        }
        loader = new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        settings = Map.of("schema.registry.url", registryUrl.toString(), "auto.register.schemas", true);
    }

    /** What their serializer makes of a record that is given as JSON. */
    byte[] serialize(String topic, String schemaJson, String recordJson) throws Exception {
        return inLoader(() -> {
            Object schema = parse(schemaJson);
            Object decoder = type("org.apache.avro.io.DecoderFactory")
                    .getMethod("jsonDecoder", type("org.apache.avro.Schema"), String.class)
                    .invoke(
                            type("org.apache.avro.io.DecoderFactory")
                                    .getMethod("get")
                                    .invoke(null),
                            schema,
                            recordJson);
            Object reader = type("org.apache.avro.generic.GenericDatumReader")
                    .getConstructor(type("org.apache.avro.Schema"))
                    .newInstance(schema);
            Object record = method(reader, "read", 2).invoke(reader, null, decoder);
            try (AutoCloseable serializer = configured("io.confluent.kafka.serializers.KafkaAvroSerializer")) {
                return (byte[]) serializer
                        .getClass()
                        .getMethod("serialize", String.class, Object.class)
                        .invoke(serializer, topic, record);
            }
        });
    }

    /** What their deserializer reads, in the words of Avro's generic record. */
    String deserialize(String topic, byte[] bytes) throws Exception {
        return inLoader(() -> {
            try (AutoCloseable deserializer = configured("io.confluent.kafka.serializers.KafkaAvroDeserializer")) {
                return String.valueOf(deserializer
                        .getClass()
                        .getMethod("deserialize", String.class, byte[].class)
                        .invoke(deserializer, topic, bytes));
            }
        });
    }

    @Override
    public void close() throws Exception {
        loader.close();
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private <T> T inLoader(Work<T> work) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            return work.run();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private AutoCloseable configured(String name) throws Exception {
        Object made = type(name).getConstructor().newInstance();
        made.getClass().getMethod("configure", Map.class, boolean.class).invoke(made, settings, false);
        return (AutoCloseable) made;
    }

    private Object parse(String schema) throws Exception {
        Class<?> parser = type("org.apache.avro.Schema$Parser");
        return parser.getMethod("parse", String.class)
                .invoke(parser.getConstructor().newInstance(), schema);
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }

    private static Method method(Object object, String name, int parameters) {
        for (Method method : object.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == parameters) {
                return method;
            }
        }
        throw new IllegalStateException(object.getClass() + " has no " + name);
    }
}

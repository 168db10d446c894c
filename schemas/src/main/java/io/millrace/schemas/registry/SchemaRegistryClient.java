package io.millrace.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * Registers and finds Avro schemas in a registry that speaks the Confluent REST protocol. What was once answered is not asked
 * again: an id means one schema for good, and so does a schema under a subject. While the registry is away every call keeps
 * trying, for as long as its {@link Patience} says.
 *
 * <p>All methods throw {@link RegistryUnavailableException} when the registry stays away, and {@link RegistryException} when it
 * refuses. A user and password in the URL ({@code http://user:password@host}) are sent as HTTP basic authentication and never
 * printed.
 *
 * <p><em>Threading:</em> safe for any number of threads. Threads that ask for the same thing at the same time may each ask the
 * registry. {@link #close} makes those that wait give up.
 */
public final class SchemaRegistryClient implements AutoCloseable {
    private static final int SUBJECT_NOT_FOUND = 40401;
    private static final int VERSION_NOT_FOUND = 40402;

    private final RegistryAddress address;
    private final RegistryConnection connection;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ConcurrentMap<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final ConcurrentMap<Registration, Integer> ids = new ConcurrentHashMap<>();
    private final UnknownIds unknownIds;

    /** What an id is cached for; the text, because two equal schemas may differ in their documentation. */
    private record Registration(String subject, String schema) {}

    /**
     * A client with {@link Patience#STANDARD}. It connects at its first use.
     *
     * @param url the registry's base URL, with user and password where it asks for them
     * @throws IllegalArgumentException when the URL is not an http or https URL with a host
     */
    public SchemaRegistryClient(URI url) {
        this(url, Patience.STANDARD);
    }

    /**
     * A client that bears with a registry that is away for as long as it is told.
     *
     * @param url the registry's base URL, with user and password where it asks for them
     * @param patience how long, and how often, it tries
     * @throws IllegalArgumentException when the URL is not an http or https URL with a host
     */
    public SchemaRegistryClient(URI url, Patience patience) {
        this(url, patience, System::nanoTime);
    }

    SchemaRegistryClient(URI url, Patience patience, LongSupplier nanoClock) {
        unknownIds = new UnknownIds(nanoClock);
        address = new RegistryAddress(url);
        connection = new RegistryConnection(address, patience);
    }

    /**
     * The id of the schema, which is registered under the subject if it was not. Java's own marks in the schema
     * ({@code avro.java.string}) are left out.
     *
     * @throws RegistryException with error code 409 when the schema is not compatible with the versions before it
     */
    public int register(String subject, Schema schema) {
        var registration = new Registration(subject, PlainSchema.text(schema));
        var known = ids.get(registration);
        if (known != null) {
            return known;
        }
        var body = JsonNodeFactory.instance.objectNode().put("schema", registration.schema());
        var answer = required(post(body, "subjects", subject, "versions"), "the registration of " + subject);
        var id = integer(answer, "id");
        ids.put(registration, id);
        // Records of this schema can be read from now on, also while the registry is away.
        schemas.putIfAbsent(id, new Schema.Parser().parse(registration.schema()));
        return id;
    }

    /** The id of the schema under the subject; empty when it is not registered there. Nothing is registered. */
    public Optional<Integer> idOf(String subject, Schema schema) {
        var registration = new Registration(subject, PlainSchema.text(schema));
        var known = ids.get(registration);
        if (known != null) {
            return Optional.of(known);
        }
        var body = JsonNodeFactory.instance.objectNode().put("schema", registration.schema());
        var found = connection(() -> connection.post(
                        address.resource("subjects", subject),
                        body,
                        SUBJECT_NOT_FOUND,
                        RegistryException.SCHEMA_NOT_FOUND))
                .map(answer -> integer(answer, "id"));
        found.ifPresent(id -> ids.put(registration, id));
        return found;
    }

    /**
     * The schema with this id. That an id is unknown is remembered for a second, so that a flood of records with a wrong one does
     * not become a flood of requests.
     *
     * @throws RegistryException with error code 40403 when the registry knows no such id, and with status 200 when what it has
     *     is not an Avro schema
     */
    public Schema schemaById(int id) {
        var known = schemas.get(id);
        if (known != null) {
            return known;
        }
        unknownIds.refuse(id);
        try {
            var answer = connection(() -> connection.get(address.resource("schemas", "ids", Integer.toString(id))));
            var schema = avro(required(answer, "schema " + id), "schema " + id);
            schemas.put(id, schema);
            return schema;
        } catch (RegistryException e) {
            unknownIds.remember(id, e);
            throw e;
        }
    }

    /** The latest version of the subject; empty when there is no such subject. Never cached: it changes. */
    public Optional<RegisteredSchema> latest(String subject) {
        return connection(() -> connection.get(
                        address.resource("subjects", subject, "versions", "latest"),
                        SUBJECT_NOT_FOUND,
                        VERSION_NOT_FOUND))
                .map(answer -> new RegisteredSchema(
                        subject,
                        integer(answer, "version"),
                        integer(answer, "id"),
                        avro(answer, "subject " + subject)));
    }

    /** The names of all subjects, as the registry orders them. */
    public List<String> subjects() {
        var answer = required(connection(() -> connection.get(address.resource("subjects"))), "the list of subjects");
        var names = new ArrayList<String>();
        answer.forEach(name -> names.add(name.asText()));
        return List.copyOf(names);
    }

    /** Makes calls that wait for the registry give up with {@link RegistryUnavailableException}, and refuses further ones. */
    @Override
    public void close() {
        closed.set(true);
        connection.close();
    }

    /** The registry's URL with user and password masked. */
    @Override
    public String toString() {
        return address.toString();
    }

    private Optional<JsonNode> post(JsonNode body, String... segments) {
        return connection(() -> connection.post(address.resource(segments), body));
    }

    private Optional<JsonNode> connection(Supplier<Optional<JsonNode>> call) {
        if (closed.get()) {
            throw new IllegalStateException("the client of the schema registry at " + address + " is closed");
        }
        return call.get();
    }

    private JsonNode required(Optional<JsonNode> answer, String what) {
        return answer.orElseThrow(() ->
                new RegistryException("the schema registry at " + address + " has no answer for " + what, 404, 404));
    }

    private int integer(JsonNode answer, String member) {
        var value = answer.path(member);
        if (!value.canConvertToInt()) {
            throw unusable("an answer of the schema registry at " + address + " has no number '" + member + "'");
        }
        return value.asInt();
    }

    private Schema avro(JsonNode answer, String what) {
        var type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw unusable(what + " in the registry at " + address + " is of type " + type + ", not AVRO");
        }
        try {
            return new Schema.Parser().parse(answer.path("schema").asText());
        } catch (SchemaParseException e) {
            throw unusable(what + " in the registry at " + address + " is not valid Avro: " + e.getMessage());
        }
    }

    private static RegistryException unusable(String message) {
        return new RegistryException(message, 200, 200);
    }
}

package io.millrace.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * A schema with the text by which it is known: Avro's own rendering, so that white space and the order of attributes make
 * no new schema, while documentation, defaults and properties do, as in Confluent's registry.
 *
 * @param text what is stored and compared
 */
record AvroText(String text, Schema schema) {
    private static final int LONGEST_REASON = 1_000;

    /** Refuses, with the reason, what Avro does not accept as one schema. */
    static AvroText parse(String source) {
        try {
            Schema schema = new Schema.Parser().parse(source);
            return new AvroText(schema.toString(), schema);
        } catch (AvroRuntimeException e) {
            throw RegistryProblem.invalidSchema(reason(e));
        } catch (StackOverflowError e) {
            throw RegistryProblem.invalidSchema("it is nested too deeply");
        }
    }

    /** Avro's sentence without the names of classes, and never a whole schema of a megabyte. */
    private static String reason(AvroRuntimeException e) {
        String reason = e.getCause() instanceof JsonProcessingException json
                ? json.getOriginalMessage()
                : String.valueOf(e.getMessage());
        return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
    }
}

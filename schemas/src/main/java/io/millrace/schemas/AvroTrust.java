package io.millrace.schemas;

import org.apache.avro.util.ClassSecurityValidator;

/**
 * Makes Avro instantiate the generated records of Millrace, beside whatever it was allowed before: since 1.12.2 Avro
 * refuses every class that it was not told to trust.
 */
public final class AvroTrust {
    private static boolean established;

    private AvroTrust() {}

    /** Establishes the trust once in this process; {@link Topics} and the wire format do so by themselves. */
    public static synchronized void establish() {
        if (established) {
            return;
        }
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), AvroTrust::isOurs));
        established = true;
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("io.millrace.event.") || type.getName().startsWith("io.millrace.state.");
    }
}

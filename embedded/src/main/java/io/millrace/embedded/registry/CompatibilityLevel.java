package io.millrace.embedded.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/** What a subject's new schema owes to the versions before it; judged by Avro itself. */
enum CompatibilityLevel {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean newReadsOld;
    private final boolean oldReadsNew;
    private final boolean everyVersion;

    CompatibilityLevel(boolean newReadsOld, boolean oldReadsNew, boolean everyVersion) {
        this.newReadsOld = newReadsOld;
        this.oldReadsNew = oldReadsNew;
        this.everyVersion = everyVersion;
    }

    static Optional<CompatibilityLevel> named(String name) {
        return Arrays.stream(values())
                .filter(level -> level.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    static String allowed() {
        return Arrays.toString(values());
    }

    /**
     * The reasons against the new schema; none when it may be registered.
     *
     * @param versions those it has to live with, in ascending order
     */
    List<String> objections(Schema candidate, List<SchemaVersion> versions) {
        List<SchemaVersion> judged =
                everyVersion || versions.isEmpty() ? versions : versions.subList(versions.size() - 1, versions.size());
        List<String> objections = new ArrayList<>();
        for (SchemaVersion version : judged) {
            Schema before = AvroText.parse(version.schema()).schema();
            if (newReadsOld) {
                objections.addAll(
                        objections(candidate, before, "the new schema cannot read version " + version.version()));
            }
            if (oldReadsNew) {
                objections.addAll(
                        objections(before, candidate, "version " + version.version() + " cannot read the new schema"));
            }
        }
        if (!objections.isEmpty()) {
            objections.add("{compatibility: '" + name() + "'}");
        }
        return objections;
    }

    private static List<String> objections(Schema reader, Schema writer, String meaning) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(found -> "{errorType:'" + found.getType() + "', description:'" + meaning + " at "
                        + found.getLocation() + "', additionalInfo:'" + found.getMessage() + "'}")
                .toList();
    }
}

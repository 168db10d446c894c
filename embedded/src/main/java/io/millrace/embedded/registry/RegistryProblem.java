package io.millrace.embedded.registry;

/**
 * A request that is answered with an error: the HTTP status, and the code and sentence of the body, with the numbers that
 * Confluent's clients know.
 */
final class RegistryProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;

    private RegistryProblem(int code, String message) {
        super(message, null, false, false);
        // 40401 is a 404 and 409 is a 409.
        this.status = code >= 10_000 ? code / 100 : code;
        this.code = code;
    }

    static RegistryProblem http(int status, String message) {
        return new RegistryProblem(status, message);
    }

    static RegistryProblem subjectNotFound(String subject) {
        return new RegistryProblem(40401, "Subject '" + subject + "' not found.");
    }

    static RegistryProblem versionNotFound(int version) {
        return new RegistryProblem(40402, "Version " + version + " not found.");
    }

    static RegistryProblem schemaNotFound() {
        return new RegistryProblem(40403, "Schema not found");
    }

    static RegistryProblem schemaNotFound(int id) {
        return new RegistryProblem(40403, "Schema " + id + " not found");
    }

    static RegistryProblem subjectSoftDeleted(String subject) {
        return new RegistryProblem(
                40404, "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
    }

    static RegistryProblem subjectNotSoftDeleted(String subject) {
        return new RegistryProblem(
                40405, "Subject '" + subject + "' was not deleted first before being permanently deleted");
    }

    static RegistryProblem versionSoftDeleted(String subject, int version) {
        return new RegistryProblem(
                40406,
                "Subject '" + subject + "' Version " + version
                        + " was soft deleted. Set permanent=true to delete permanently");
    }

    static RegistryProblem versionNotSoftDeleted(String subject, int version) {
        return new RegistryProblem(
                40407,
                "Subject '" + subject + "' Version " + version
                        + " was not deleted first before being permanently deleted");
    }

    static RegistryProblem noSubjectConfig(String subject) {
        return new RegistryProblem(
                40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    static RegistryProblem noSubjectMode(String subject) {
        return new RegistryProblem(40409, "Subject '" + subject + "' does not have subject-level mode configured");
    }

    static RegistryProblem incompatible(String subject, Iterable<String> reasons) {
        return new RegistryProblem(
                409,
                "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                        + "\", details: [" + String.join("; ", reasons) + "]");
    }

    static RegistryProblem invalidSchema(String reason) {
        return new RegistryProblem(42201, "Invalid schema: " + reason);
    }

    static RegistryProblem invalidVersion(String version) {
        return new RegistryProblem(
                42202,
                "The specified version '" + version
                        + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");
    }

    static RegistryProblem invalidCompatibility(String level) {
        return new RegistryProblem(
                42203, "Invalid compatibility level '" + level + "'. Valid values are " + CompatibilityLevel.allowed());
    }

    static RegistryProblem notPermitted(String reason) {
        return new RegistryProblem(42205, reason);
    }

    static RegistryProblem invalidSubject(String subject) {
        return new RegistryProblem(42208, "The specified subject '" + subject + "' is not a valid subject.");
    }

    static RegistryProblem storeFailed(String reason) {
        return new RegistryProblem(50001, "Error in the backend data store: " + reason);
    }

    static RegistryProblem timedOut() {
        return new RegistryProblem(50002, "The operation timed out in the backend data store; try again");
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}

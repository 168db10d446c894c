package io.millrace.coordinator.catalogue;

/** The catalogue cannot answer for certain, because Kafka or the schema registry did not; trying again later helps. */
public final class CatalogueUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says in one sentence what could not be done. */
    public CatalogueUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}

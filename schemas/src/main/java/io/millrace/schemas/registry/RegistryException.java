package io.millrace.schemas.registry;

import java.util.Objects;

/** The registry answered, and refused: asking again does not help. The message says what was asked, of whom, and the reason given. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The error code of the protocol for a schema id that the registry does not know. */
    public static final int SCHEMA_NOT_FOUND = 40403;

    private final int status;
    private final int errorCode;

    RegistryException(String message, int status, int errorCode) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    /** The HTTP status, 400 to 499; 200 when the answer was positive but cannot be used. */
    public int status() {
        return status;
    }

    /** The {@code error_code} of the answer, for example 40403 or 409; the HTTP status when the answer holds none. */
    public int errorCode() {
        return errorCode;
    }

    /** The sentence; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

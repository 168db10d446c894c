package io.millrace.coordinator.webhook;

import io.millrace.schemas.secret.SecretException;
import java.time.Duration;

/** How the requests of one kind of sender show that their sender knows a secret. */
interface Signature {
    /**
     * Whether a request shows it.
     *
     * @param secret its value
     * @param tolerance how far a time that is signed may be from that of arrival
     * @throws SecretException when the secret is none that such a sender can have
     */
    boolean isValid(ArrivedRequest request, Secret secret, Duration tolerance) throws SecretException;

    /**
     * A secret and what it is called, for people who have to mend it.
     *
     * @param name its name
     * @param value its value; in no log and no answer
     */
    record Secret(String name, String value) {
        /** Its name alone. */
        @Override
        public String toString() {
            return name;
        }
    }
}

package io.millrace.coordinator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stripe's: a header {@code t=<seconds>,v1=<hex>} over the time, a dot and the body (docs.stripe.com, "Verify webhook signatures manually"); of several
 * {@code v1}, one has to be right. Ours is the same, and covers the id of the delivery between the two when there is one.
 */
final class TimedSignature implements Signature {
    private final String header;
    private final Optional<String> idHeader;

    /**
     * @param header where it stands
     * @param idHeader where an id stands that is signed, too, if there can be one
     */
    TimedSignature(String header, Optional<String> idHeader) {
        this.header = header;
        this.idHeader = idHeader;
    }

    @Override
    public boolean isValid(ArrivedRequest request, Secret secret, Duration tolerance) {
        String given = request.header(header).orElse("");
        Optional<String> time = time(given).filter(seconds -> SignedTime.isNear(seconds, request.at(), tolerance));
        if (time.isEmpty()) {
            return false;
        }
        String id = idHeader.flatMap(request::header).map(text -> text + ".").orElse("");
        byte[] code = Hmac.of(secret.value().getBytes(UTF_8), time.get() + "." + id, request.body());
        boolean found = false;
        for (String signature : values(given, "v1")) {
            found |= Hmac.isHexOf(code, signature);
        }
        return found;
    }

    /** The time that a header tells; empty when it tells none, or several. */
    static Optional<String> time(String header) {
        List<String> times = values(header, "t");
        return times.size() == 1 ? Optional.of(times.get(0)) : Optional.empty();
    }

    private static List<String> values(String header, String name) {
        List<String> values = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals >= 0 && part.substring(0, equals).strip().equals(name)) {
                values.add(part.substring(equals + 1).strip());
            }
        }
        return values;
    }
}

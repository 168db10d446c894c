package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;

/** Why a text is not JSON, in words for one line. */
final class JsonFault {
    private static final int LONGEST = 300;

    private JsonFault() {}

    static String reason(JsonProcessingException e) {
        String reason = e.getOriginalMessage().replace('\n', ' ');
        return reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
    }

    /** Where, with a space before it; nothing where it is not known, as it is when a limit of the parser was exceeded. */
    static String place(JsonProcessingException e) {
        @Nullable JsonLocation location = e.getLocation();
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}

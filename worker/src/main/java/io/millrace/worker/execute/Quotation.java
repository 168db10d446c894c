package io.millrace.worker.execute;

import io.millrace.worker.secret.Mask;

/** What another system said of a failure, as it is added to the sentence about it. */
final class Quotation {
    private static final int LONGEST = 300;

    private Quotation() {}

    /** Masked before it is cut: half a secret would not be found any more. Empty when nothing was said. */
    static String of(String said, Mask mask) {
        String text = mask.of(said).strip().replaceAll("\\s+", " ");
        if (text.isEmpty()) {
            return "";
        }
        return " It says: " + (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
    }
}

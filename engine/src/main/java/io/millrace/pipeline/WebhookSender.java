package io.millrace.pipeline;

import java.util.Locale;

/** Who calls a webhook, and so how its requests are signed and told from one another. */
public enum WebhookSender {
    /** HMAC-SHA256 of the body in {@code X-Hub-Signature-256}. */
    GITHUB(false),
    /** A signing token as Standard Webhooks has it, or a secret token in {@code X-Gitlab-Token}. */
    GITLAB(true),
    /** HMAC-SHA256 of time and body in {@code Stripe-Signature}. */
    STRIPE(true),
    /** Standard Webhooks: HMAC-SHA256 of id, time and body in {@code webhook-signature}. */
    STANDARD(true),
    /** As Stripe, in {@code X-Millrace-Signature}. */
    GENERIC(true);

    private final boolean timed;

    WebhookSender(boolean timed) {
        this.timed = timed;
    }

    /** Whether its signatures may cover the time of the request. */
    public boolean isTimed() {
        return timed;
    }

    /** The word for it in a pipeline's file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

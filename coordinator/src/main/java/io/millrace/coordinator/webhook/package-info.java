/**
 * What comes to webhooks: whether who sends it knows a secret, and what tells one delivery from another. It must not know of HTTP servers, of Kafka, nor of
 * what a request leads to.
 */
@NullMarked
package io.millrace.coordinator.webhook;

import org.jspecify.annotations.NullMarked;

/**
 * The two ways to a running platform: its HTTP API, and its topics, read directly as any engineer may.
 * It must not know how an answer is shown, nor that the platform may live in this very process.
 */
@NullMarked
package io.millrace.cli.client;

import org.jspecify.annotations.NullMarked;

/**
 * The door of the worker and the SDK for handlers in Java: start a worker, give it handlers, close it. It must not know how tasks are claimed, which is
 * {@code .claim}, nor how they are executed, which is {@code .execute}; it puts the two together.
 */
@NullMarked
package io.millrace.worker;

import org.jspecify.annotations.NullMarked;

/**
 * How a service in Java starts runs by Kafka: it says which pipeline, with which inputs and by which key, and learns that it was accepted, or has it
 * written in a transaction of its own. It must not know how tasks are claimed or executed, nor what a trigger leads to.
 */
@NullMarked
package io.millrace.worker.trigger;

import org.jspecify.annotations.NullMarked;

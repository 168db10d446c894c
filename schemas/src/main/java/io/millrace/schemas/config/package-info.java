/**
 * Where settings come from, how every mistake in them is reported, and how a Kafka cluster is reached.
 * It must not know which settings a module has: each module reads its own.
 */
@NullMarked
package io.millrace.schemas.config;

import org.jspecify.annotations.NullMarked;

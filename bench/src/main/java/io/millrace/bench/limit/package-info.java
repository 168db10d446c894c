/**
 * The bare Kafka exactly-once loop: what a platform that does nothing but move a token could reach. It knows nothing of Millrace.
 */
@NullMarked
package io.millrace.bench.limit;

import org.jspecify.annotations.NullMarked;

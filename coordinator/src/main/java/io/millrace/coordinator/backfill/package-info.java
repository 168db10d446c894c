/** Asks for backfills and shows how far they are. What becomes of them is decided in the topology; nothing here waits for it. */
@NullMarked
package io.millrace.coordinator.backfill;

import org.jspecify.annotations.NullMarked;

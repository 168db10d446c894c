/**
 * Calls servers by HTTP, bounded in time, size and redirects. Knows nothing of tasks: it is told what to call, and says what came of it.
 */
@NullMarked
package io.millrace.worker.http;

import org.jspecify.annotations.NullMarked;

/**
 * The coordinator's door: what it can be told, and how its parts are put together. What any part does it must not know.
 */
@NullMarked
package io.millrace.coordinator;

import org.jspecify.annotations.NullMarked;

/**
 * A compacted topic as a map in memory, read to its end and then followed.
 * It must not know which topic it holds or what its values are for.
 */
@NullMarked
package io.millrace.schemas.table;

import org.jspecify.annotations.NullMarked;

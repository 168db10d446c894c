/**
 * What the modules of Millrace agree on: the names, the value types and the settings of all topics, and how they are created.
 * It knows nothing of pipelines, runs or workers beyond the names of their records, and it neither reads nor writes any of them.
 */
@NullMarked
package io.millrace.schemas;

import org.jspecify.annotations.NullMarked;

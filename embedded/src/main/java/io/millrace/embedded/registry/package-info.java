/**
 * A schema registry that speaks the Confluent REST protocol for Avro and keeps everything in one compacted topic, in the
 * layout of Confluent's own. It must not know where its broker runs, nor any schema or topic of ours.
 */
@NullMarked
package io.millrace.embedded.registry;

import org.jspecify.annotations.NullMarked;

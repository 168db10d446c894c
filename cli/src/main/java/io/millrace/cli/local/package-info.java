/**
 * The whole platform in one process: Kafka, schema registry, coordinator and worker over one data directory.
 * It must not know which verb wants it, nor print anything.
 */
@NullMarked
package io.millrace.cli.local;

import org.jspecify.annotations.NullMarked;

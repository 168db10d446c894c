/**
 * What people see: streams, colours, tables, a block that is redrawn in place, and durations in words.
 * It must not know what a run or a pipeline is.
 */
@NullMarked
package io.millrace.cli.terminal;

import org.jspecify.annotations.NullMarked;

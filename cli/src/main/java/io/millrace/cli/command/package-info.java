/**
 * One class a verb of the command line, what they share in reading arguments and in showing runs, and the exit codes.
 * It must not know how the API or the topics are spoken to, nor how the local platform is put together.
 */
@NullMarked
package io.millrace.cli.command;

import org.jspecify.annotations.NullMarked;

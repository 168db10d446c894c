/**
 * The {@code millrace} command: its entry, and nothing else.
 * It must not know any verb, only that there is a root command to execute.
 */
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;

/**
 * A cluster of real processes under load, to which everything is done that can happen to one; afterwards the audit log, a ledger
 * that the tasks wrote and the API must all tell the same story. Short in every build; {@code -Pchaos} does it for an hour.
 */
@NullMarked
package io.millrace.cli.chaos;

import org.jspecify.annotations.NullMarked;

/**
 * Statements for databases through the drivers that a worker is told of: parameters bound, rows bounded, one transaction for a task, and a ledger in the
 * database itself by which a repeat is told. Knows nothing of tasks.
 */
@NullMarked
package io.millrace.worker.sql;

import org.jspecify.annotations.NullMarked;

/**
 * What tasks wrote to standard output and standard error, read where the audit log says that it lies. It must not know of
 * HTTP.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.logs;

/**
 * What is measured, in the form that Prometheus reads. It knows the meters' library and none of the things measured:
 * those register themselves.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.metrics;

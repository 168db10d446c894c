/**
 * Triggers of pipelines that are paused: by whom, and why. It must not know what a trigger does.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.pause;

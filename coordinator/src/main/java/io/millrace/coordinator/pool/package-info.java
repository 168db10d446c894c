/**
 * Pools of slots that runs of several pipelines share: how many slots each has, who said so and why. It must not know who has one.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.pool;

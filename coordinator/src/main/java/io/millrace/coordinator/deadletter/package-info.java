/**
 * The dead letters as operators see them: the newest first, decoded where that can be done, and sent again where that is
 * sound. And what a letter can hold of a record. It must not know of HTTP, or decide what becomes a dead letter, or what a record of a user's topic means: that
 * it asks.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.deadletter;

/**
 * Reads the topics of users that triggers of pipelines listen to, and asks for the runs that follow, each record judged once by each trigger. It must
 * not know how runs are executed, or what reads its own progress.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.listen;

package io.millrace.audit.verify;

/** The names by which records and dead letters name their topics. */
public record AuditedTopics(String triggers, String runCommands, String taskEvents) {}

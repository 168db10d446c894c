package io.millrace.pipeline;

import io.millrace.expression.Template;

/**
 * A call of a system outside by the worker itself, without code of the pipeline's: {@code http}, {@code sql}, {@code kafka} or
 * {@code email}.
 *
 * <p>Secrets are no part of its document but for their names: the member {@code secrets} says by JSON pointer where in the document the worker
 * is to put which. Only what the pipeline's file says gets there, never a value of a run.
 *
 * @param kind how the worker does it
 * @param document what it is told; an object
 */
public record Connector(String kind, Template document) implements Action {}

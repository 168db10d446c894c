/**
 * Values and the expressions over them: JSON documents, CEL conditions, and templates with {@code ${{ }}}.
 * It must not know what a pipeline file looks like, nor anything of runs beyond what {@link io.millrace.expression.Scope} shows.
 */
@NullMarked
package io.millrace.expression;

import org.jspecify.annotations.NullMarked;

/**
 * Tests of pipelines as files: {@code *.test.yaml} in, tests or located problems out, and what became of them. It must not know how
 * results are shown.
 */
@NullMarked
package io.millrace.testkit.file;

import org.jspecify.annotations.NullMarked;

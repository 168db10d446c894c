package io.millrace.pipeline;

import io.millrace.expression.Document;

/** What is known of a run before it begins: its inputs. */
record StartScope(Document inputs) implements BeforeRun {}

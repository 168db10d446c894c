/**
 * Reads the topics for a verification: which part of them, in what order, and how far those have got who act upon them. It
 * knows Kafka, and nothing of what is right or wrong.
 */
@NullMarked
package io.millrace.audit.reading;

import org.jspecify.annotations.NullMarked;

/**
 * Holds the records of Millrace's topics to the guarantees G1 to G7 and G10, one class a rule. It is given records and knows
 * neither Kafka nor where they come from; what it judges by is written here once more, apart from the engine that it judges.
 */
@NullMarked
package io.millrace.audit.verify;

import org.jspecify.annotations.NullMarked;

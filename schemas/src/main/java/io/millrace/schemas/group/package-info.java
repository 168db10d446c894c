/** The consumer group of the workers, in which each life of a worker is a member. */
@NullMarked
package io.millrace.schemas.group;

import org.jspecify.annotations.NullMarked;

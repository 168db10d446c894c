/**
 * The profiles of a user: how each of several clusters is reached.
 * It must not know verbs, nor ask any cluster.
 */
@NullMarked
package io.millrace.cli.profile;

import org.jspecify.annotations.NullMarked;

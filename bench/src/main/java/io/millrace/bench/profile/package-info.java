/**
 * Where the time of a process goes: recordings of Java Flight Recorder, read and counted. It knows subjects by the names of
 * packages, and nothing of how a recording was made.
 */
@NullMarked
package io.millrace.bench.profile;

import org.jspecify.annotations.NullMarked;

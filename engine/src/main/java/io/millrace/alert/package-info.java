/**
 * The life of alerts: {@link io.millrace.alert.Alert} says what becomes of one when a rule of its pipeline has something to say, or time passes, and
 * whether somebody is to be told. Pure as the run engine is: time and every happening are given to it.
 */
@NullMarked
package io.millrace.alert;

import org.jspecify.annotations.NullMarked;

/** Shows alerts and passes on what people say of them. What becomes of them is decided in the topology; nothing here waits for it. */
@NullMarked
package io.millrace.coordinator.alert;

import org.jspecify.annotations.NullMarked;

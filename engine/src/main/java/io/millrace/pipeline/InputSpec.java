package io.millrace.pipeline;

import io.millrace.expression.ValueType;
import java.util.Optional;

/**
 * An input that a pipeline declares.
 *
 * @param name its name
 * @param type the type that its values have
 * @param defaultValue the value of a run that was not given one; of the declared type
 * @param required whether a run cannot start without it; never true where there is a default
 * @param description what it means, for people
 */
public record InputSpec(
        String name, ValueType type, Optional<Object> defaultValue, boolean required, Optional<String> description) {}

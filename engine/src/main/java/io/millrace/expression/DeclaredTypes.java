package io.millrace.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The declarations of a pipeline as types of CEL: known members make a struct for the checker, which is a plain map when it comes to evaluating. */
final class DeclaredTypes {
    private final Map<String, CelType> structs = new LinkedHashMap<>();
    private final Map<String, CelType> ownOutputs = new LinkedHashMap<>();
    private final Map<String, CelType> items = new LinkedHashMap<>();
    private final CelType inputs;
    private final CelType tasks;
    private final CelType run;
    private final CelType error;
    private final CelType schedule;
    private final CelType record;
    private final CelType request;

    DeclaredTypes(Declarations declarations) {
        this.inputs = struct("inputs", fields(declarations.inputs()));
        Map<String, CelType> ofRun = new LinkedHashMap<>();
        ReferenceCheck.RUN.forEach(member -> ofRun.put(member, SimpleType.STRING));
        ofRun.put("version", SimpleType.INT);
        this.run = struct("run", ofRun);
        this.error = struct("error", fields(ReferenceCheck.ERROR));
        this.schedule = struct("schedule", fields(ReferenceCheck.SCHEDULE));
        this.record = struct("record", fields(ReferenceCheck.RECORD));
        this.request = struct("request", fields(ReferenceCheck.REQUEST));
        Map<String, CelType> byId = new LinkedHashMap<>();
        declarations.tasks().forEach((id, declared) -> {
            CelType output = output(declarations, id, declared);
            byId.put(id, struct("task " + id, Map.of("output", output, "status", SimpleType.STRING)));
        });
        this.tasks = struct("tasks", byId);
    }

    /** The output of a task as others see it; notes how the task sees its own, which with {@code for_each} is that of one item. */
    private CelType output(Declarations declarations, String id, Map<String, ValueType> declared) {
        Declarations.@Nullable Iterated iterated = declarations.iterated().get(id);
        if (iterated == null) {
            CelType output = object("output of " + id, declared);
            ownOutputs.put(id, output);
            return output;
        }
        CelType own = object("output of " + id, iterated.outputs());
        ownOutputs.put(id, own);
        items.put(
                id,
                iterated.members().isEmpty() ? celType(iterated.item()) : object("item of " + id, iterated.members()));
        Map<String, CelType> collected = fields(declared);
        collected.computeIfPresent("items", (name, list) -> iterated.outputs().isEmpty() ? list : ListType.create(own));
        return struct("collected output of " + id, collected);
    }

    private CelType object(String name, Map<String, ValueType> members) {
        return members.isEmpty() ? MapType.create(SimpleType.STRING, SimpleType.DYN) : struct(name, fields(members));
    }

    /** The names of all members that are known of anything. */
    Set<String> members() {
        Set<String> members = new LinkedHashSet<>();
        structs.values().forEach(type -> members.addAll(((StructType) type).fieldNames()));
        return members;
    }

    CelType inputs() {
        return inputs;
    }

    CelType tasks() {
        return tasks;
    }

    CelType run() {
        return run;
    }

    CelType local(Local name, String task) {
        return switch (name) {
            case OUTPUT -> ownOutputs.getOrDefault(task, SimpleType.DYN);
            case ERROR -> error;
            case ITEM -> items.getOrDefault(task, SimpleType.DYN);
            case INDEX -> SimpleType.INT;
            case SCHEDULE -> schedule;
            case EVENT -> SimpleType.DYN;
            case EVENTS -> ListType.create(SimpleType.DYN);
            case RECORD -> record;
            case REQUEST -> request;
        };
    }

    CelTypeProvider provider() {
        return new Provider(ImmutableMap.copyOf(structs));
    }

    static ValueType typeOf(CelType type) {
        return switch (type.kind()) {
            case BOOL -> ValueType.BOOLEAN;
            case INT, UINT -> ValueType.INTEGER;
            case DOUBLE -> ValueType.NUMBER;
            case STRING, TIMESTAMP, DURATION -> ValueType.STRING;
            case LIST -> ValueType.LIST;
            case MAP, STRUCT -> ValueType.OBJECT;
            default -> ValueType.ANY;
        };
    }

    private CelType struct(String name, Map<String, CelType> fields) {
        ImmutableMap<String, CelType> types = ImmutableMap.copyOf(fields);
        CelType type = StructType.create(
                name, ImmutableSet.copyOf(types.keySet()), field -> Optional.ofNullable(types.get(field)));
        structs.put(name, type);
        return type;
    }

    private static Map<String, CelType> fields(Map<String, ValueType> declared) {
        Map<String, CelType> fields = new LinkedHashMap<>();
        declared.forEach((name, type) -> fields.put(name, celType(type)));
        return fields;
    }

    private static CelType celType(ValueType type) {
        return switch (type) {
            case STRING -> SimpleType.STRING;
            case INTEGER -> SimpleType.INT;
            case NUMBER -> SimpleType.DOUBLE;
            case BOOLEAN -> SimpleType.BOOL;
            case LIST -> ListType.create(SimpleType.DYN);
            case OBJECT, FILE -> MapType.create(SimpleType.STRING, SimpleType.DYN);
            case ANY -> SimpleType.DYN;
        };
    }

    @com.google.errorprone.annotations.Immutable
    private record Provider(ImmutableMap<String, CelType> byName) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(byName.values());
        }

        @Override
        public Optional<CelType> findType(String typeName) {
            @Nullable CelType type = byName.get(typeName);
            return Optional.ofNullable(type);
        }
    }
}

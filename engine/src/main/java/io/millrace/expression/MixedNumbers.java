package io.millrace.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Arithmetic and equality between integers and decimals, which CEL leaves out: {@code inputs.count * 1.5} and
 * {@code inputs.threshold == 1}. An integer becomes a decimal first.
 */
final class MixedNumbers {
    private static final String EQUALS = "_==_";
    private static final String NOT_EQUALS = "_!=_";

    private MixedNumbers() {}

    private enum Operator {
        ADD("_+_") {
            @Override
            double apply(double a, double b) {
                return a + b;
            }
        },
        SUBTRACT("_-_") {
            @Override
            double apply(double a, double b) {
                return a - b;
            }
        },
        MULTIPLY("_*_") {
            @Override
            double apply(double a, double b) {
                return a * b;
            }
        },
        DIVIDE("_/_") {
            @Override
            double apply(double a, double b) {
                return a / b;
            }
        };

        private final String function;

        Operator(String function) {
            this.function = function;
        }

        abstract double apply(double a, double b);

        String overload(String types) {
            return name().toLowerCase(Locale.ROOT) + types;
        }
    }

    static List<CelFunctionDecl> declarations() {
        List<CelFunctionDecl> declarations = new ArrayList<>();
        for (Operator operator : Operator.values()) {
            declarations.add(CelFunctionDecl.newFunctionDeclaration(
                    operator.function,
                    CelOverloadDecl.newGlobalOverload(
                            operator.overload("_int64_double"), SimpleType.DOUBLE, SimpleType.INT, SimpleType.DOUBLE),
                    CelOverloadDecl.newGlobalOverload(
                            operator.overload("_double_int64"), SimpleType.DOUBLE, SimpleType.DOUBLE, SimpleType.INT)));
        }
        for (String function : List.of(EQUALS, NOT_EQUALS)) {
            String id = function.equals(EQUALS) ? "equals" : "not_equals";
            declarations.add(CelFunctionDecl.newFunctionDeclaration(
                    function,
                    CelOverloadDecl.newGlobalOverload(
                            id + "_int64_double", SimpleType.BOOL, SimpleType.INT, SimpleType.DOUBLE),
                    CelOverloadDecl.newGlobalOverload(
                            id + "_double_int64", SimpleType.BOOL, SimpleType.DOUBLE, SimpleType.INT)));
        }
        return declarations;
    }

    static List<CelFunctionBinding> bindings() {
        List<CelFunctionBinding> bindings = new ArrayList<>();
        for (Operator operator : Operator.values()) {
            bindings.add(CelFunctionBinding.from(
                    operator.overload("_int64_double"),
                    Long.class,
                    Double.class,
                    (Long a, Double b) -> operator.apply(a.doubleValue(), b)));
            bindings.add(CelFunctionBinding.from(
                    operator.overload("_double_int64"),
                    Double.class,
                    Long.class,
                    (Double a, Long b) -> operator.apply(a, b.doubleValue())));
        }
        return bindings;
    }

    /** Leaves equality of all kinds to CEL's own function, which compares numbers of both kinds once the checker lets them pass. */
    static CelAbstractSyntaxTree withOneEquality(CelAbstractSyntaxTree checked) {
        Map<Long, CelReference> references = new LinkedHashMap<>(checked.getReferenceMap());
        references.replaceAll((id, reference) -> {
            for (String overload : reference.overloadIds()) {
                String own = overload.startsWith("not_equals_")
                        ? "not_equals"
                        : overload.startsWith("equals_") ? "equals" : "";
                if (!own.isEmpty()) {
                    return CelReference.newBuilder().addOverloadIds(own).build();
                }
            }
            return reference;
        });
        return CelAbstractSyntaxTree.newCheckedAst(
                checked.getExpr(), checked.getSource(), references, checked.getTypeMap());
    }
}

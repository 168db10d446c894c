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
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * Arithmetic and equality between integers and decimals, which CEL leaves out: {@code inputs.count * 1.5} and
 * {@code inputs.threshold == 1}. An integer becomes a decimal first.
 */
final class MixedNumbers {
    private static final String EQUALS = "_==_";
    private static final String NOT_EQUALS = "_!=_";

    private MixedNumbers() {}

    private record Operator(String function, String id, DoubleBinaryOperator meaning) {}

    private static final List<Operator> ARITHMETIC = List.of(
            new Operator("_+_", "add", (a, b) -> a + b),
            new Operator("_-_", "subtract", (a, b) -> a - b),
            new Operator("_*_", "multiply", (a, b) -> a * b),
            new Operator("_/_", "divide", (a, b) -> a / b));

    static List<CelFunctionDecl> declarations() {
        List<CelFunctionDecl> declarations = new ArrayList<>();
        for (Operator operator : ARITHMETIC) {
            declarations.add(CelFunctionDecl.newFunctionDeclaration(
                    operator.function(),
                    CelOverloadDecl.newGlobalOverload(
                            operator.id() + "_int64_double", SimpleType.DOUBLE, SimpleType.INT, SimpleType.DOUBLE),
                    CelOverloadDecl.newGlobalOverload(
                            operator.id() + "_double_int64", SimpleType.DOUBLE, SimpleType.DOUBLE, SimpleType.INT)));
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
        for (Operator operator : ARITHMETIC) {
            DoubleBinaryOperator meaning = operator.meaning();
            bindings.add(CelFunctionBinding.from(
                    operator.id() + "_int64_double",
                    Long.class,
                    Double.class,
                    (Long a, Double b) -> meaning.applyAsDouble(a.doubleValue(), b)));
            bindings.add(CelFunctionBinding.from(
                    operator.id() + "_double_int64",
                    Double.class,
                    Long.class,
                    (Double a, Long b) -> meaning.applyAsDouble(a, b.doubleValue())));
        }
        return bindings;
    }

    /** Leaves equality of all kinds to CEL's own function, which compares numbers of both kinds once the checker lets them pass. */
    static CelAbstractSyntaxTree withOneEquality(CelAbstractSyntaxTree checked) {
        Map<Long, CelReference> references = new LinkedHashMap<>(checked.getReferenceMap());
        references.replaceAll((id, reference) -> {
            for (String overload : reference.overloadIds()) {
                String own = overload.startsWith("not_equals_") ? "not_equals" : overload.startsWith("equals_") ? "equals" : "";
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

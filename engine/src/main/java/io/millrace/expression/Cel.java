package io.millrace.expression;

import dev.cel.checker.CelCheckerBuilder;
import dev.cel.common.CelOptions;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelListsExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.extensions.SetsFunction;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import java.util.EnumSet;
import java.util.Set;

/**
 * The expression language as it is set up for Millrace: the parts that do not depend on a pipeline, shared by the process. Loading
 * this class is what costs the first user a second.
 */
final class Cel {
    /** Left out: {@code strings.quote}, whose result can double in size each time. */
    private static final Set<CelStringExtensions.Function> STRINGS =
            EnumSet.complementOf(EnumSet.of(CelStringExtensions.Function.QUOTE));

    /** Left out: {@code lists.range} and {@code flatten}, whose results have no bound. */
    private static final Set<CelListsExtensions.Function> LISTS = EnumSet.complementOf(
            EnumSet.of(CelListsExtensions.Function.RANGE, CelListsExtensions.Function.FLATTEN));

    private static final Set<String> OWN_FUNCTIONS = Set.of("ADD_STRING", "ADD_LIST");

    static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(ExpressionLimits.EXPRESSION_LENGTH)
            .maxParseRecursionDepth(ExpressionLimits.EXPRESSION_DEPTH)
            .maxParseExpressionNodeCount(ExpressionLimits.EXPRESSION_NODES)
            .comprehensionMaxIterations(ExpressionLimits.ITERATIONS)
            .build();

    static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.math(), CelExtensions.lists(LISTS))
            .build();

    static final CelRuntime RUNTIME = runtime();

    private Cel() {}

    static CelCheckerBuilder checker() {
        return CelCompilerFactory.standardCelCheckerBuilder()
                .setOptions(OPTIONS)
                .addLibraries(
                        CelExtensions.strings(STRINGS),
                        CelExtensions.math(),
                        CelExtensions.lists(LISTS),
                        CelExtensions.sets(OPTIONS, EnumSet.allOf(SetsFunction.class)))
                .addFunctionDeclarations(MixedNumbers.declarations());
    }

    private static CelRuntime runtime() {
        Set<CelStringExtensions.Function> strings = EnumSet.copyOf(STRINGS);
        strings.remove(CelStringExtensions.Function.JOIN);
        strings.remove(CelStringExtensions.Function.REPLACE);
        return CelRuntimeFactory.legacyCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardFunctions(CelStandardFunctions.newBuilder()
                        .filterFunctions((function, overload) -> !OWN_FUNCTIONS.contains(overload.toString()))
                        .build())
                .addLibraries(
                        CelExtensions.strings(strings),
                        CelExtensions.math(),
                        CelExtensions.lists(LISTS),
                        CelExtensions.sets(OPTIONS, EnumSet.allOf(SetsFunction.class)))
                .addFunctionBindings(BoundedFunctions.bindings())
                .addFunctionBindings(MixedNumbers.bindings())
                .build();
    }
}

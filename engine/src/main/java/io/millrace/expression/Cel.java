package io.millrace.expression;

import dev.cel.checker.CelCheckerBuilder;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelListsExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The expression language as it is set up for Millrace: the parts that do not depend on a pipeline, shared by the process. Loading
 * this class is what costs the first user a second.
 */
final class Cel {
    /** Left out: {@code strings.quote}, whose result can double in size each time. */
    private static final Set<CelStringExtensions.Function> STRINGS =
            EnumSet.complementOf(EnumSet.of(CelStringExtensions.Function.QUOTE));

    /** Left out: {@code lists.range} and {@code flatten}, whose results have no bound. */
    private static final Set<CelListsExtensions.Function> LISTS =
            EnumSet.complementOf(EnumSet.of(CelListsExtensions.Function.RANGE, CelListsExtensions.Function.FLATTEN));

    /** The same without {@code sortBy}, which CEL declares as if it gave pairs of keys and elements. */
    private static final Set<CelListsExtensions.Function> LISTS_TO_CHECK = EnumSet.complementOf(EnumSet.of(
            CelListsExtensions.Function.RANGE,
            CelListsExtensions.Function.FLATTEN,
            CelListsExtensions.Function.SORT_BY));

    private static final CelFunctionDecl SORT_BY = CelFunctionDecl.newFunctionDeclaration(
            "lists.@sortByAssociatedKeys",
            CelOverloadDecl.newGlobalOverload(
                    "list_sortByAssociatedKeys",
                    ListType.create(SimpleType.DYN),
                    ListType.create(ListType.create(SimpleType.DYN))));

    /** The version of the lists' functions whose macros there are; a set of functions has none. */
    private static final int WITH_SORT_BY = 2;

    private static final Set<String> STANDARD = Arrays.stream(CelStandardDeclarations.StandardFunction.values())
            .map(CelStandardDeclarations.StandardFunction::functionName)
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> OWN_FUNCTIONS = Set.of("ADD_STRING", "ADD_LIST", "MATCHES", "MATCHES_STRING");

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
            .addLibraries(CelExtensions.math(), CelExtensions.lists(WITH_SORT_BY))
            .build();

    static final CelRuntime RUNTIME = runtime();

    private Cel() {}

    /**
     * A checker that knows these functions, as far as they exist. A checker goes through everything that it knows for each
     * expression, so that one that knows all takes most of the time that compiling takes.
     */
    static CelCheckerBuilder checker(Set<String> functions) {
        CelCheckerBuilder checker = CelCompilerFactory.standardCelCheckerBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .filterFunctions((function, overload) -> functions.contains(function.functionName()))
                        .build());
        MixedNumbers.declarations().stream()
                .filter(declaration -> functions.contains(declaration.name()))
                .forEach(checker::addFunctionDeclarations);
        if (!STANDARD.containsAll(functions)) {
            checker.addLibraries(
                            CelExtensions.strings(STRINGS), CelExtensions.math(), CelExtensions.lists(LISTS_TO_CHECK))
                    .addFunctionDeclarations(SORT_BY);
        }
        return checker;
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
                .addLibraries(CelExtensions.strings(strings), CelExtensions.math(), CelExtensions.lists(LISTS))
                .addFunctionBindings(BoundedFunctions.bindings())
                .addFunctionBindings(MixedNumbers.bindings())
                .build();
    }
}

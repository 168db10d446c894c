package io.millrace.cli.command;

import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.UnreachableException;
import io.millrace.cli.local.PlatformStartException;
import io.millrace.cli.profile.ProfilesException;
import io.millrace.cli.terminal.OutputClosedException;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.coordinator.CoordinatorStartException;
import io.millrace.schemas.TopicCreationException;
import io.millrace.schemas.config.SettingsException;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where an exception becomes a sentence on standard error and an exit code. */
final class ErrorReport {
    private static final Map<Class<? extends Exception>, ExitCode> CODES = Map.of(
            UsageException.class, ExitCode.INVALID,
            SettingsException.class, ExitCode.INVALID,
            ProfilesException.class, ExitCode.INVALID,
            UnreachableException.class, ExitCode.UNAVAILABLE,
            PlatformStartException.class, ExitCode.UNAVAILABLE,
            CoordinatorStartException.class, ExitCode.UNAVAILABLE,
            TopicCreationException.class, ExitCode.UNAVAILABLE,
            RegistryUnavailableException.class, ExitCode.UNAVAILABLE,
            RegistryException.class, ExitCode.FAILED);

    private final MillraceCommand millrace;

    ErrorReport(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    /** What a verb threw. */
    int of(Exception failure) {
        if (failure instanceof OutputClosedException) {
            return ExitCode.OUTPUT_CLOSED.number();
        }
        if (failure instanceof InterruptedByUserException) {
            return ExitCode.INTERRUPTED.number();
        }
        if (failure instanceof ApiException refused) {
            return say(refused, String.valueOf(refused.getMessage()), codeOf(refused));
        }
        ExitCode known = CODES.get(failure.getClass());
        if (known != null) {
            return say(failure, String.valueOf(failure.getMessage()), known);
        }
        String what = failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
        String hint = millrace.debug() ? "" : " (--debug shows where)";
        return say(failure, "internal error: " + what + hint, ExitCode.INTERNAL);
    }

    /** What this process was not given enough of. */
    int of(VirtualMachineError tooLittle) {
        return say(
                tooLittle,
                "internal error: " + tooLittle + "; more memory is given by MILLRACE_OPTS=-Xmx2g",
                ExitCode.INTERNAL);
    }

    /** What is wrong with the command line itself. */
    int ofUsage(ParameterException wrong, String[] arguments) {
        CommandLine line = wrong.getCommandLine();
        String verb = line.getCommandSpec().qualifiedName();
        String message = wrong.getMessage() == null ? "bad usage" : wrong.getMessage();
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            message = unknown(line, unmatched);
        } else if (wrong instanceof MissingParameterException) {
            message = lowered(message);
        }
        say(wrong, lowered(message).replace("option option", "option"), ExitCode.INVALID);
        millrace.terminal().note("`" + verb + " --help` shows what there is.");
        return ExitCode.INVALID.number();
    }

    private static String unknown(CommandLine line, UnmatchedArgumentException unmatched) {
        String word = unmatched.getUnmatched().get(0);
        boolean verbsExpected = !line.getSubcommands().isEmpty();
        List<String> known = new ArrayList<>();
        String kind;
        if (word.startsWith("-")) {
            kind = "unknown option";
            line.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
        } else if (verbsExpected) {
            kind = "unknown verb";
            known.addAll(line.getSubcommands().keySet());
        } else {
            kind = "one argument too many:";
        }
        return kind + " '" + word + "'" + DidYouMean.among(word, known);
    }

    private static ExitCode codeOf(ApiException refused) {
        return switch (refused.status()) {
            case 400, 413, 415, 422 -> ExitCode.INVALID;
            case 404 -> ExitCode.NOT_FOUND;
            case 429, 502, 503, 504 -> ExitCode.UNAVAILABLE;
            default -> ExitCode.FAILED;
        };
    }

    private int say(Throwable failure, String sentence, ExitCode code) {
        Terminal terminal = millrace.terminal();
        terminal.note(terminal.styled(Style.RED, "millrace: ") + sentence);
        if (millrace.debug()) {
            failure.printStackTrace(terminal.err());
        }
        return code.number();
    }

    private static String lowered(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}

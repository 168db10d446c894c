package io.millrace.cli.command;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.local.LocalPlatform;
import io.millrace.cli.local.LocalPlatformConfig;
import io.millrace.cli.local.StartListener;
import io.millrace.cli.profile.Profile;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import io.millrace.schemas.config.Settings;
import io.millrace.worker.http.HttpProxy;
import io.millrace.worker.sql.SqlSources;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all verbs: the options that each of them takes, and what they share. */
@Command(
        name = "millrace",
        header = {"Event-driven pipelines on Apache Kafka, each run exactly once.", ""},
        synopsisSubcommandLabel = "VERB",
        footerHeading = "%nFirst steps:%n",
        footer = {
            "  millrace demo                                see it work: everything in one process",
            "  millrace run docs/examples/hello.yaml        run a pipeline of yours the same way",
            "  millrace up                                  keep a local platform, and then in another window:",
            "  millrace apply docs/examples/iris/iris.yaml && millrace trigger iris --wait",
            "",
            "`millrace VERB --help` shows the options of a verb, with examples."
        })
public final class MillraceCommand implements Callable<Integer> {
    static final URI STANDARD_ADDRESS = URI.create("http://127.0.0.1:7070");

    private final Terminal terminal;
    private final Map<String, String> environment;
    private final ProfileChoice profiles;
    private final Stop stop = new Stop();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "How to answer: text (for people) or json.")
    private OutputFormat format = OutputFormat.text;

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description =
                    "The coordinator's address; default: that of --profile, else $$MILLRACE_URL, else that of the "
                            + "current profile, else http://127.0.0.1:7070.")
    private Optional<URI> url = Optional.empty();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The profile of the cluster, see `millrace profiles`; default $$MILLRACE_PROFILE.")
    private Optional<String> profile = Optional.empty();

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "No colours; the environment variable NO_COLOR does the same.")
    private boolean noColor;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Say more on standard error, with stack traces.")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // What counts is its annotation: picocli shows the help.
    private boolean help;

    @Option(names = "--version", description = "Show the version.")
    private boolean version;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private MillraceCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
        this.profiles = new ProfileChoice(environment);
    }

    /**
     * Executes the command line and returns its {@link ExitCode}; throws nothing.
     *
     * @param environment the variables of the process, for settings, addresses and profiles
     */
    public static int execute(String[] arguments, Terminal terminal, Map<String, String> environment) {
        MillraceCommand millrace = new MillraceCommand(terminal, environment);
        try {
            return commandLine(millrace).execute(arguments);
        } catch (OutOfMemoryError | StackOverflowError tooMuch) {
            return new ErrorReport(millrace).of(tooMuch);
        }
    }

    /** Executes the command line where no variable is set and so no profile is found. */
    public static int execute(String[] arguments, Terminal terminal) {
        return execute(arguments, terminal, Map.of());
    }

    static CommandLine commandLine(Terminal terminal) {
        return commandLine(new MillraceCommand(terminal, Map.of()));
    }

    private static CommandLine commandLine(MillraceCommand millrace) {
        CommandLine line = new CommandLine(millrace);
        line.addSubcommand("demo", new DemoCommand(millrace));
        line.addSubcommand("run", new RunFileCommand(millrace));
        line.addSubcommand("validate", new ValidateCommand(millrace));
        line.addSubcommand("lint", new LintCommand(millrace));
        line.addSubcommand("test", new TestCommand(millrace));
        line.addSubcommand("graph", new GraphCommand(millrace));
        line.addSubcommand("schedule", ScheduleCommand.commandLine(millrace));
        line.addSubcommand("import", ImportCommand.commandLine(millrace));
        line.addSubcommand("schema", new SchemaCommand(millrace));
        line.addSubcommand("up", new UpCommand(millrace));
        line.addSubcommand("apply", new ApplyCommand(millrace));
        line.addSubcommand("pipelines", new PipelinesCommand(millrace));
        line.addSubcommand("triggers", new TriggersCommand(millrace));
        line.addSubcommand("pause", new PauseCommand(millrace));
        line.addSubcommand("resume", new ResumeCommand(millrace));
        line.addSubcommand("trigger", new TriggerCommand(millrace));
        line.addSubcommand("backfill", new BackfillCommand(millrace));
        line.addSubcommand("backfills", BackfillsCommand.commandLine(millrace));
        line.addSubcommand("runs", new RunsCommand(millrace));
        line.addSubcommand("show", new ShowCommand(millrace));
        line.addSubcommand("why", new WhyCommand(millrace));
        line.addSubcommand("logs", new LogsCommand(millrace));
        line.addSubcommand("tail", new TailCommand(millrace));
        line.addSubcommand("replay", new ReplayCommand(millrace));
        line.addSubcommand("approve", new ApproveCommand(millrace));
        line.addSubcommand("reject", new RejectCommand(millrace));
        line.addSubcommand("cancel", new CancelCommand(millrace));
        line.addSubcommand("rerun", new RerunCommand(millrace));
        line.addSubcommand("workers", new WorkersCommand(millrace));
        line.addSubcommand("queues", new QueuesCommand(millrace));
        line.addSubcommand("alerts", AlertsCommand.commandLine(millrace));
        line.addSubcommand("pools", PoolsCommand.commandLine(millrace));
        line.addSubcommand("dead-letters", DeadLettersCommand.commandLine(millrace));
        line.addSubcommand("audit", AuditCommand.commandLine(millrace));
        line.addSubcommand("topics", TopicsCommand.commandLine(millrace));
        line.addSubcommand("coordinator", new CoordinatorCommand(millrace));
        line.addSubcommand("worker", new WorkerCommand(millrace));
        line.addSubcommand("registry", new RegistryCommand(millrace));
        line.addSubcommand("bench", new BenchCommand(millrace));
        line.addSubcommand("profiles", new ProfilesCommand(millrace));
        line.addSubcommand("completion", new CompletionCommand(millrace));
        line.addSubcommand("version", new VersionCommand(millrace));
        line.addSubcommand("help", new HelpCommand(millrace));
        ErrorReport errors = new ErrorReport(millrace);
        line.setOut(new PrintWriter(millrace.terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(millrace.terminal.err(), true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(errors::ofUsage);
        line.setExecutionExceptionHandler((failure, command, parsed) -> errors.of(failure));
        line.setExecutionStrategy(millrace::executeVerb);
        VerbHelp.shape(line, millrace.terminal);
        return line;
    }

    private int executeVerb(CommandLine.ParseResult parsed) {
        if (noColor) {
            terminal.withoutColours();
        }
        Logging.quiet(debug);
        return new CommandLine.RunLast().execute(parsed);
    }

    /** Without a verb: the version when that was asked for, else what verbs there are. */
    @Override
    public Integer call() {
        if (version) {
            terminal.line(Version.line());
            return ExitCode.DONE.number();
        }
        terminal.note(spec.commandLine().getUsageMessage());
        return ExitCode.INVALID.number();
    }

    Terminal terminal() {
        return terminal;
    }

    boolean json() {
        return format == OutputFormat.json;
    }

    boolean debug() {
        return debug;
    }

    /** From the first call on, signals are requests to this. */
    Stop stop() {
        stop.listen();
        return stop;
    }

    /** Where a run is shown while it goes on; nowhere when the answer is JSON. */
    Optional<RunScreen> screen(Clock clock) {
        if (json()) {
            return Optional.empty();
        }
        return Optional.of(terminal.interactive() ? new LiveScreen(terminal, clock) : new LineScreen(terminal, clock));
    }

    /**
     * The platform in this process, with a line a part on standard error as it starts.
     *
     * @throws InterruptedByUserException when a signal came meanwhile; nothing is left running
     */
    LocalPlatform start(LocalPlatformConfig config, Stop request) {
        StartListener listener = json() ? StartListener.NONE : this::started;
        LocalPlatform platform = LocalPlatform.start(surrounded(config), listener);
        if (request.requested()) {
            platform.close();
            throw new InterruptedByUserException();
        }
        return platform;
    }

    /** With the databases and the proxy that the environment names; the local platform is told of nothing else. */
    private LocalPlatformConfig surrounded(LocalPlatformConfig config) {
        Settings settings = Settings.builder().environment(environment).build();
        LocalPlatformConfig told = config.withSql(SqlSources.read(settings)).withProxy(HttpProxy.read(settings));
        settings.check();
        return told;
    }

    private void started(String part, String address, Duration took) {
        terminal.note(terminal.styled(Style.DIM, "  %-16s %-28s %s".formatted(part, address, Times.text(took))));
    }

    Map<String, String> environment() {
        return environment;
    }

    ProfileChoice profiles() {
        return profiles;
    }

    /** The profile that was asked for by name, or stands for all that name none. */
    Optional<Profile> profile() {
        return profiles.chosen(profile);
    }

    /**
     * The coordinator of this command line.
     *
     * @throws UsageException when its address is none
     */
    ApiClient api() {
        URI address = url.or(() -> profiles.address(profile)).orElse(STANDARD_ADDRESS);
        String scheme = address.getScheme();
        boolean port = address.getPort() >= -1 && address.getPort() <= 65_535 && address.getPort() != 0;
        if (!port || address.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new UsageException("the address '" + address + "' is not like " + STANDARD_ADDRESS);
        }
        return new ApiClient(address);
    }
}

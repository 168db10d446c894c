package io.millrace.pipeline;

import java.time.Duration;

/** How large a pipeline's file and what it defines may be. What exceeds a limit is a problem that names the limit's value. */
public final class PipelineLimits {
    /** The bytes of the file in UTF-8. */
    public static final int FILE_BYTES = 256 * 1024;

    /** How deep lists and mappings may nest. */
    public static final int NESTING = 50;

    /** How many values the file may hold when every alias is replaced by what it stands for. */
    public static final int VALUES = 200_000;

    /** The tasks of a pipeline. */
    public static final int TASKS = 10_000;

    /** The items of a task with {@code for_each}. */
    public static final int ITEMS = 100_000;

    /** The characters of the question of an approval. */
    public static final int QUESTION_LENGTH = 1_000;

    /** The tasks that one task needs directly. */
    public static final int NEEDS = 1_000;

    /** The declared inputs of a pipeline. */
    public static final int INPUTS = 200;

    /** The triggers of a pipeline. */
    public static final int TRIGGERS = 100;

    /** The alerts of a pipeline. */
    public static final int ALERTS = 200;

    /** How often something can have to happen before an alert is raised. */
    public static final int ALERT_COUNT = 1_000;

    /** The channels that an alert goes to. */
    public static final int ALERT_CHANNELS = 20;

    /** How many of its runs a pipeline can let be under way at a time, when it says how many. */
    public static final int CONCURRENT_RUNS = 10_000;

    /** The pipelines whose ends a trigger waits for. */
    public static final int UPSTREAMS = 50;

    /** The secrets that a webhook may be signed with. */
    public static final int WEBHOOK_SECRETS = 4;

    /** The characters of the path of a directory that a trigger watches. */
    public static final int DIRECTORY_LENGTH = 1_000;

    /** The records of a topic that start one run together. */
    public static final int BATCH_RECORDS = 10_000;

    /** The entries of a calendar. */
    public static final int CALENDAR_ENTRIES = 2_000;

    /** The days that one entry of a calendar may reach over. */
    public static final int CALENDAR_DAYS = 366;

    /** The single days of a calendar, with those of its ranges. */
    public static final int CALENDAR_DATES = 10_000;

    /** The declared outputs of a task. */
    public static final int OUTPUTS = 200;

    /** The environment variables of a task. */
    public static final int ENV = 200;

    /** The files of a task. */
    public static final int FILES = 200;

    /** The arguments of a script. */
    public static final int ARGS = 200;

    /** The characters of an id, and of the name of an input, an output, a queue and an environment variable. */
    public static final int NAME_LENGTH = 63;

    /** The characters of the path of a file. */
    public static final int PATH_LENGTH = 255;

    /** The characters of a description. */
    public static final int DESCRIPTION_LENGTH = 1_000;

    /** The characters of an owner. */
    public static final int OWNER_LENGTH = 200;

    /** The retries of a task. */
    public static final int RETRIES = 100;

    /** The factor by which the wait before a retry grows. */
    public static final double RETRY_FACTOR = 100;

    /** The longest timeout, of a run and of an attempt. */
    public static final Duration TIMEOUT = Duration.ofDays(30);

    /** How far off the moment of {@code wait: {until: …}} may be when the wait begins. */
    public static final Duration WAIT = Duration.ofDays(366);

    /** The longest wait before a retry. */
    public static final Duration RETRY_WAIT = Duration.ofDays(1);

    /** The least memory that a task can be limited to; less does not even hold an interpreter. */
    public static final long LEAST_MEMORY_BYTES = 4L << 20;

    /** The most memory that a task can be limited to. */
    public static final long MEMORY_BYTES = 16L << 40;

    /** The headers of an HTTP call. */
    public static final int HEADERS = 100;

    /** The members of the query and of the form of an HTTP call. */
    public static final int FIELDS = 200;

    /** The redirects that an HTTP call may follow. */
    public static final int REDIRECTS = 20;

    /** The most bytes of an HTTP answer's body; the output of a task has no room for more. */
    public static final long RESPONSE_BYTES = 256L << 10;

    /** The most bytes of an HTTP answer's body that becomes a file; the worker has limits of its own. */
    public static final long RESPONSE_FILE_BYTES = 1L << 40;

    /** The statements of a {@code script} of SQL. */
    public static final int SQL_STATEMENTS = 100;

    /** The most rows that a query may give. */
    public static final int SQL_ROWS = 100_000;

    /** The most rows of a batch of a load. */
    public static final int SQL_BATCH = 100_000;

    /** The addresses of one kind of an email, and all its recipients together; servers take at least as many (RFC 5321, 4.5.3.1.8). */
    public static final int RECIPIENTS = 100;

    /** The problems that are listed; more are counted. */
    public static final int PROBLEMS = 200;

    private PipelineLimits() {}
}

/**
 * What a crontab says, read as cron reads it, and the pipelines that do the same. It reads bytes and gives texts; it knows no file, no
 * terminal and no clock, and of ours only how schedules and pipelines are written.
 */
@NullMarked
package io.millrace.cli.crontab;

import org.jspecify.annotations.NullMarked;

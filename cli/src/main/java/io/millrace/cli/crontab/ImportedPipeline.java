package io.millrace.cli.crontab;

import java.time.ZoneId;

/**
 * A pipeline that does what a line of a crontab did; it is valid.
 *
 * @param id its id, and the name of its file
 * @param text the file
 * @param expression when it ticks
 * @param zone in which time zone
 */
public record ImportedPipeline(String id, String text, String expression, ZoneId zone) {}

package io.millrace.coordinator.deadletter;

import java.util.List;
import java.util.OptionalLong;

/**
 * A part of the dead letters, newest first.
 *
 * @param next where to go on: letters before this offset; empty when nothing follows
 */
public record LetterPage(List<FiledLetter> letters, OptionalLong next) {}

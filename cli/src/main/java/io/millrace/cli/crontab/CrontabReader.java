package io.millrace.cli.crontab;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the lines of a crontab one by one: what is wrong with one keeps no other from being read. */
final class CrontabReader {
    /** Linux takes at most 128 KiB in one argument, which a command is, and as much in a variable. */
    private static final int MOST_BYTES = 100_000;

    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** A word with an @, or five fields; then the rest. A dash before it keeps the job out of cron's own log. */
    private static final Pattern JOB = Pattern.compile(
            "[ \\t]*-?(?:(?<word>@[^ \\t]*)|(?<fields>[^ \\t]+(?:[ \\t]+[^ \\t]+){4}))[ \\t]*(?<rest>.*)",
            Pattern.DOTALL);

    private static final Pattern USER =
            Pattern.compile("(?<user>[A-Za-z0-9_*][A-Za-z0-9_.@-]*)[ \\t]+(?<command>.*)", Pattern.DOTALL);
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");

    private final boolean system;

    /** @param system whether a user stands before each command */
    CrontabReader(boolean system) {
        this.system = system;
    }

    /** All of its lines. */
    List<CrontabLine> read(byte[] crontab) {
        List<CrontabLine> lines = new ArrayList<>();
        int from = 0;
        while (from < crontab.length) {
            int to = from;
            while (to < crontab.length && crontab[to] != '\n') {
                to++;
            }
            lines.add(line(lines.size() + 1, Arrays.copyOfRange(crontab, from, to)));
            from = to + 1;
        }
        return lines;
    }

    private CrontabLine line(int number, byte[] bytes) {
        String read;
        try {
            read = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1).stripLeading().startsWith("#")
                    ? new CrontabLine.Comment(number)
                    : new CrontabLine.Refused(
                            number,
                            "it is not UTF-8, as pipelines are; convert the crontab, as with iconv -f latin1 -t utf-8");
        }
        String line = number == 1 && read.startsWith(BYTE_ORDER_MARK) ? read.substring(1) : read;
        // Editors of Windows write a CR at the end of each line, which cron takes for a part of the command.
        return line(number, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }

    private CrontabLine line(int number, String line) {
        if (line.isBlank() || line.stripLeading().startsWith("#")) {
            return new CrontabLine.Comment(number);
        }
        try {
            if (line.indexOf('\0') >= 0) {
                throw new CrontabFault("it holds a NUL character");
            }
            Optional<CrontabLine> setting = SettingReader.read(number, line);
            if (setting.isPresent()) {
                checkLength("the setting", line);
                return setting.get();
            }
            return job(number, line);
        } catch (CrontabFault fault) {
            return new CrontabLine.Refused(number, fault.reason());
        }
    }

    private CrontabLine job(int number, String line) throws CrontabFault {
        Matcher parts = JOB.matcher(line);
        if (!parts.matches()) {
            throw new CrontabFault("there are five fields of time before a command, and NAME=value in a setting");
        }
        String text = line.strip();
        String word = parts.group("word");
        CronTime time = word == null
                ? CronTime.ofFields(Arrays.asList(BLANKS.split(parts.group("fields"))), text)
                : CronTime.ofWord(word);
        String rest = parts.group("rest");
        Optional<String> user = Optional.empty();
        if (system) {
            Matcher who = USER.matcher(rest);
            if (!who.matches()) {
                throw new CrontabFault("after the time there is no user with a command");
            }
            user = Optional.of(who.group("user"));
            rest = who.group("command");
        }
        return job(number, text, time, user, rest);
    }

    private static CrontabLine job(int number, String text, CronTime time, Optional<String> user, String rest)
            throws CrontabFault {
        if (rest.isBlank()) {
            throw new CrontabFault("the command is missing");
        }
        if (rest.startsWith("*") || user.filter(who -> who.startsWith("*")).isPresent()) {
            throw new CrontabFault("there are more than five fields of time");
        }
        checkLength("the command", rest);
        PercentSigns parts = PercentSigns.of(rest);
        if (parts.command().isBlank()) {
            throw new CrontabFault("nothing stands before the first %, so that there is no command");
        }
        return new CrontabLine.Job(number, text, time, user, parts.command(), parts.input());
    }

    private static void checkLength(String what, String text) throws CrontabFault {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new CrontabFault(
                    what + " has " + bytes + " bytes, more than " + MOST_BYTES + "; put it into a script");
        }
    }
}

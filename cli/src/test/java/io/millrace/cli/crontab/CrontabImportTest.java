package io.millrace.cli.crontab;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.crontab.ImportedLine.Kind;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Scope;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.Shell;
import io.millrace.pipeline.Task;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the lines of crontabs, of the nastiest as well. */
class CrontabImportTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Scope ASKED_NOTHING = (Scope) Proxy.newProxyInstance(
            Scope.class.getClassLoader(), new Class<?>[] {Scope.class}, (proxy, method, arguments) -> {
                throw new AssertionError("a value of a crontab asks for " + method);
            });
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    @Test
    void readsWhatTheManualShows() {
        CrontabImport imported = imported("""
                # use /bin/sh to run commands, no matter what /etc/passwd says
                SHELL=/bin/sh
                # mail any output to `paul', no matter whose crontab this is
                MAILTO=paul
                #
                CRON_TZ=Japan
                # run five minutes after midnight, every day
                5 0 * * *       $HOME/bin/daily.job >> $HOME/tmp/out 2>&1
                # run at 2:15pm on the first of every month -- output mailed to paul
                15 14 1 * *     $HOME/bin/monthly
                # run at 10 pm on weekdays, annoy Joe
                0 22 * * 1-5    mail -s "It's 10pm" joe%Joe,%%Where are your kids?%
                23 0-23/2 * * * echo "run 23 minutes after midn, 2am, 4am ..., everyday"
                5 4 * * sun     echo "run at 5 after 4 every sunday"
                """);

        assertThat(imported.count(Kind.NOT_DONE)).isZero();
        assertThat(imported.pipelines())
                .extracting(ImportedPipeline::expression)
                .containsExactly("5 0 * * *", "15 14 1 * *", "0 22 * * 1-5", "23 0-23/2 * * *", "5 4 * * sun");
        assertThat(imported.pipelines()).extracting(ImportedPipeline::zone).containsOnly(ZoneId.of("Japan"));
        assertThat(imported.pipelines().get(2).text()).isEqualTo("""
                # From line 12 of crontab:
                #   0 22 * * 1-5    mail -s "It's 10pm" joe%Joe,%%Where are your kids?%
                # cron mails what it writes to paul; Millrace keeps it (millrace logs), and mails nothing.
                id: mail
                triggers:
                  - id: crontab
                    schedule:
                      cron: "0 22 * * 1-5"
                      timezone: Japan
                      missed: none
                tasks:
                  - id: command
                    shell: |
                      cd ~
                      /bin/sh -c 'mail -s "It'\\''s 10pm" joe' <<'INPUT'
                      Joe,

                      Where are your kids?
                      INPUT
                    env:
                      SHELL: "/bin/sh"
                    on_worker_loss: fail
                """);
    }

    @Test
    void aSettingIsForTheJobsThatFollow() {
        CrontabImport imported = imported("0 1 * * * one\nA=1\n0 2 * * * two\nA=2\nB=\nCRON_TZ=America/New_York\n"
                + "RANDOM_DELAY=45\n0 3 * * * three\nCRON_TZ=\n0 4 * * * four\n");

        assertThat(imported.count(Kind.NOT_DONE)).isZero();
        assertThat(imported.pipelines().stream().map(CrontabImportTest::env).toList())
                .containsExactly(Map.of(), Map.of("A", "1"), Map.of("A", "2", "B", ""), Map.of("A", "2", "B", ""));
        assertThat(imported.pipelines())
                .extracting(pipeline -> pipeline.zone().getId())
                .containsExactly("Europe/Berlin", "Europe/Berlin", "America/New_York", "Europe/Berlin");
        assertThat(imported.pipelines().get(2).text()).contains("      jitter: 45m\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            A=b                     | A | b
            A = b                   | A | b
              A   =   b c           | A | b c
            A="b c"                 | A | b c
            A=" b "                 | A | ` b `
            A=' b '                 | A | ` b `
            'A'="b"                 | A | b
            "A" = 'it"s'            | A | it"s
            A=b"c"d                 | A | b"c"d
            A=it's                  | A | it's
            A=$HOME/bin:~/x         | A | $HOME/bin:~/x
            A=b # no comment        | A | b # no comment
            A=b=c                   | A | b=c
            A=\\n\\t"               | A | \\n\\t"
            A=${{ run.id }} $${{    | A | ${{ run.id }} $${{
            A=käse 🧀                | A | käse 🧀
            no=true                 | no | true
            A=                      | A | ``
            A=""                    | A | ``
            """)
    void readsSettingsAsCronDoes(String line, String name, String value) {
        CrontabImport imported = imported(line + "\n0 0 * * * x\n");

        assertThat(imported.count(Kind.NOT_DONE)).isZero();
        assertThat(env(imported.pipelines().get(0))).isEqualTo(Map.of(name, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=\u0001\u001b[31m\u007f", "A=\u0085\u2028\ufeff", "A=a\tb\\"})
    void keepsEveryCharacterOfAValue(String line) {
        assertThat(env(imported(line + "\n0 0 * * * x\n").pipelines().get(0)))
                .isEqualTo(Map.of("A", line.substring(2)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            @reboot /start                  | @reboot: a pipeline starts by the clock
            @every_minute x                 | cron has no word @every_minute
            @Daily x                        | cron has no word @Daily
            @daily                          | the command is missing
            `@daily `                       | the command is missing
            0 5 * * *                       | the command is missing
            `0 5 * * *  `                   | the command is missing
            0 5 * *                         | there are five fields of time
            nonsense                        | there are five fields of time
            * * * * * * x                   | there are more than five fields
            60 * * * * x                    | "60" is no minute (0 to 59)
            * 24 * * * x                    | "24" is no hour (0 to 23)
            * * 0 * * x                     | "0" is no day of month (1 to 31)
            * * * 13 * x                    | "13" is no month (1 to 12 or jan to dec)
            * * * * 8 x                     | "8" is no day of week (0 to 7 or sun to sat)
            * * * january * x               | "january" is no month
            jan * * * * x                   | "jan" is no minute
            5x * * * * x                    | "5x" is no minute
            ,5 * * * * x                    | "" is no minute
            5, * * * * x                    | "" is no minute
            5;6 * * * * x                   | "5;6" is no minute
            - * * * * x                     | "-" is no minute
            -5 -5 * * * x                   | "-5" is no hour
            5- * * * * x                    | "5-" is no minute
            ? * * * * x                     | "?" is no minute
            H * * * * x                     | "H" is no minute
            * * L * * x                     | "L" is no day of month
            * * * * 5#3 x                   | "5#3" is no day of week
            */0 * * * * x                   | "0" is no step for the minute
            */ * * * * x                    | "" is no step for the minute
            */x * * * * x                   | "x" is no step for the minute
            */99999 * * * * x               | "99999" is no step for the minute
            *-5 * * * * x                   | "*-5" is no minute
            ** * * * * x                    | "**" is no minute
            5/15 * * * * x                  | "5/15" is not read alike by all versions of cron; write 5, or 5-59/15
            ~/10 * * * * x                  | "~/10" is not read alike by all versions of cron
            * 22-4 * * * x                  | the range 22-4 of the hour runs backwards
            * * * * sat-sun x               | the range sat-sun of the day of week runs backwards
            30~10 * * * * x                 | the range 30~10 of the minute runs backwards
            0 0 30 2 * x                    | this never happens
            ٣ * * * * x                     | "٣" is no minute
            * * * * * %input                | nothing stands before the first %
            A="b                            | there are five fields of time
            A="b" c                         | there are five fields of time
            =b                              | there are five fields of time
            A B=c                           | there are five fields of time
            A.B=c                           | a task can have no variable "A.B"
            "A B"=c                         | a task can have no variable "A B"
            MILLRACE_QUEUE=c                | a task can have no variable "MILLRACE_QUEUE"
            RANDOM_DELAY=-1                 | "-1" is no RANDOM_DELAY
            RANDOM_DELAY=1441               | "1441" is no RANDOM_DELAY
            CRON_TZ=Europe/Nowhere          | there is no time zone "Europe/Nowhere"
            CRON_TZ=CET-1CEST,M3.5.0/2      | there is no time zone "CET-1CEST,M3.5.0/2"
            0 0 * * * x%${{ in the input    | a value cannot be pasted into code
            """)
    void saysWhyALineCannotBeDone(String line, String reason) {
        CrontabImport imported = imported(line + "\n");

        assertThat(imported.pipelines()).isEmpty();
        assertThat(imported.lines()).singleElement().satisfies(only -> {
            assertThat(only.kind()).isEqualTo(Kind.NOT_DONE);
            assertThat(only.text()).startsWith(reason);
        });
    }

    @Test
    void aLineThatCannotBeDoneKeepsNoOtherFromIt() {
        CrontabImport imported =
                imported("@reboot x\n0 1 * * * a\nCRON_TZ=Nowhere\n0 2 * * * b\nCRON_TZ=UTC\n0 3 * * * c\n");

        assertThat(imported.pipelines()).extracting(ImportedPipeline::id).containsExactly("a", "c");
        assertThat(imported.lines().get(3).text()).contains("time zone").contains("not known");
    }

    @Test
    void readsBytesThatNobodyMeant() {
        byte[] latin = "# \u00e4\n0 1 * * * ok\n0 2 * * * caf\u00e9\nA=\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        CrontabImport imported = CrontabImport.of(latin, reading(false));
        assertThat(imported.lines())
                .extracting(ImportedLine::kind)
                .containsExactly(Kind.COMMENT, Kind.PIPELINE, Kind.NOT_DONE, Kind.NOT_DONE);
        assertThat(imported.lines().get(2).text()).contains("not UTF-8");

        assertThat(imported("0 1 * * * a\0b\n").lines().get(0).text()).contains("NUL");
        assertThat(imported("\ufeff0 1 * * * a\n").pipelines()).hasSize(1);
        assertThat(imported("").lines()).isEmpty();
        assertThat(imported("\n\n").count(Kind.COMMENT)).isEqualTo(2);
        assertThat(imported("0 1 * * * " + "x".repeat(100_001) + "\n")
                        .lines()
                        .get(0)
                        .text())
                .contains("100001 bytes");
        assertThat(imported("0 1 * * * ./x " + "y".repeat(99_000) + "\n").pipelines())
                .hasSize(1);
    }

    @Test
    @Timeout(30)
    void longLinesAreReadInNoTime() {
        String blanks = " ".repeat(45_000);
        assertThat(imported("A=x" + blanks + "y" + blanks + "\n0 1 * * * /bin/x\n").pipelines().stream()
                        .map(CrontabImportTest::env)
                        .toList())
                .containsExactly(Map.of("A", "x" + blanks + "y"));
        assertThat(imported("0 1 * * *" + blanks + "/bin/x" + " y".repeat(45_000) + "\n")
                        .pipelines())
                .hasSize(1);
        assertThat(imported("0 1 * * * ls " + "a|b&&".repeat(19_000) + "\n").pipelines())
                .hasSize(1);
        assertThat(imported("x".repeat(200_000) + " y" + blanks + "z\n").pipelines())
                .isEmpty();
        assertThat(imported("1,".repeat(100_000) + "1 * * * * x\n")
                        .lines()
                        .get(0)
                        .text())
                .isEqualTo("the cron expression has 200009 characters; expected at most 1000");
        assertThat(imported("A=" + "x".repeat(100_000) + "\n").lines().get(0).text())
                .contains("the setting has 100002 bytes");
        assertThat(imported(blanks + "# " + blanks + "\n").count(Kind.COMMENT)).isOne();
    }

    @Test
    void linesOfWindowsLoseTheirReturn() {
        CrontabImport imported = imported("A=b\r\n0 1 * * * /bin/x\r\n");

        assertThat(imported.notes()).singleElement().asString().contains("CR LF");
        assertThat(env(imported.pipelines().get(0))).isEqualTo(Map.of("A", "b"));
        assertThat(script(imported.pipelines().get(0))).isEqualTo("cd ~\n/bin/x\n");
    }

    @Test
    void aLastLineWithoutAnEndCounts() {
        CrontabImport imported = imported("0 1 * * * a\n0 2 * * * b");

        assertThat(imported.pipelines()).hasSize(2);
        assertThat(imported.lines().get(0).remarks()).isEmpty();
        assertThat(imported.lines().get(1).remarks()).singleElement().asString().contains("without a line end");
    }

    @Test
    void aUserStandsBeforeTheCommandInTheCrontabOfTheSystem() {
        String crontab = "SHELL=/bin/sh\n17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n"
                + "-*/10 * * * * www-data /usr/bin/php /var/www/cron.php\n@daily _apt x y\n";
        CrontabImport imported = CrontabImport.of(crontab.getBytes(StandardCharsets.UTF_8), reading(true));

        assertThat(imported.pipelines())
                .extracting(ImportedPipeline::id)
                .containsExactly("run_parts_cron_hourly", "cron", "x_y");
        assertThat(imported.pipelines().stream().map(CrontabImportTest::script).toList())
                .containsExactly(
                        "/bin/sh -c 'cd / && run-parts --report /etc/cron.hourly'\n",
                        "cd ~www-data\n/usr/bin/php /var/www/cron.php\n",
                        "cd ~_apt\nx y\n");
        assertThat(imported.lines().get(1).remarks()).singleElement().asString().contains("as root");
        assertThat(CrontabImport.of("0 1 * * * root\n".getBytes(StandardCharsets.UTF_8), reading(true))
                        .lines()
                        .get(0)
                        .text())
                .contains("no user with a command");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /etc/crontab        | 0 1 * * * x                                    | true
            /etc/cron.d/php     | 0 1 * * * x                                    | true
            /home/a/crontab     | 0 1 * * * root /bin/x                          | true
            /home/a/crontab     | `0 1 * * * root /bin/x\n0 2 * * * backup y`    | true
            /home/a/crontab     | `0 1 * * * root /bin/x\n0 2 * * * /bin/y z`    | false
            /home/a/crontab     | 0 1 * * * backup --all                         | false
            /home/a/crontab     | 0 1 * * * root                                 | false
            /home/a/crontab     | `# 0 1 * * * root x\n0 1 * * * a b`            | false
            /var/spool/cron/ada | @daily root x                                  | true
            /etc/cron.d/a/b     | 0 1 * * * x                                    | false
            """)
    void tellsCrontabsOfTheSystemByPathAndContent(String path, String crontab, boolean system) {
        assertThat(CrontabImport.isSystem(path, crontab.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(system);
    }

    @Test
    void idsAreUnique() {
        assertThat(imported("0 1 * * * x\n0 1 * * * x\n0 1 * * * x_2\n0 1 * * * ./x.sh\n0 1 * * * ((1))\n")
                        .pipelines())
                .extracting(ImportedPipeline::id)
                .containsExactly("x", "x_2", "x_2_2", "x_3", "job_1");
    }

    @Test
    void whatIsRandomInCronStaysTheSame() {
        String crontab = "0~59 1~3 ~ 6~ ~5 x\n";
        ImportedLine line = imported(crontab).lines().get(0);

        assertThat(line.remarks()).hasSize(5).allMatch(remark -> remark.contains("by chance"));
        String[] fields = line.pipeline().orElseThrow().expression().split(" ");
        assertThat(Integer.parseInt(fields[0])).isBetween(0, 59);
        assertThat(Integer.parseInt(fields[1])).isBetween(1, 3);
        assertThat(Integer.parseInt(fields[2])).isBetween(1, 31);
        assertThat(Integer.parseInt(fields[3])).isBetween(6, 12);
        assertThat(Integer.parseInt(fields[4])).isBetween(0, 5);
        assertThat(imported("# other\n" + crontab)
                        .lines()
                        .get(1)
                        .pipeline()
                        .orElseThrow()
                        .expression())
                .isEqualTo(line.pipeline().orElseThrow().expression());
    }

    @Test
    void mailIsNotSent() {
        CrontabImport imported = imported("MAILTO=ada@example.org\n0 1 * * * a\nMAILTO=\"\"\n0 2 * * * b\n");

        assertThat(imported.lines().get(0).remarks()).singleElement().asString().contains("nothing is mailed");
        assertThat(imported.pipelines().get(0).text()).contains("to ada@example.org;");
        assertThat(imported.pipelines().get(1).text()).doesNotContain("mails");
        assertThat(env(imported.pipelines().get(0))).isEmpty();
    }

    @Test
    void secretsAreNoticedAndNotRepeated() {
        ImportedLine line = imported("DB_PASSWORD=hunter2\n").lines().get(0);

        assertThat(line.remarks()).singleElement().asString().contains("secrets");
        assertThat(line.toString()).doesNotContain("hunter2");
    }

    @Test
    void aPathWithoutAShellIsSetByTheScript() {
        ImportedPipeline pipeline =
                imported("PATH=$PATH:/opt/it's\n0 1 * * * x\n").pipelines().get(0);
        assertThat(script(pipeline)).isEqualTo("cd ~\nexport PATH='$PATH:/opt/it'\\''s'\nx\n");
        assertThat(env(pipeline)).isEmpty();
    }

    private static CrontabImport imported(String crontab) {
        CrontabImport imported = CrontabImport.of(crontab.getBytes(StandardCharsets.UTF_8), reading(false));
        imported.pipelines().forEach(CrontabImportTest::parsed);
        return imported;
    }

    private static CrontabImport.Reading reading(boolean system) {
        return new CrontabImport.Reading("crontab", system, BERLIN, NOW);
    }

    private static Pipeline parsed(ImportedPipeline pipeline) {
        Pipeline parsed = PipelineParser.parse("p", pipeline.text().getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        assertThat(parsed.id().value()).isEqualTo(pipeline.id());
        return parsed;
    }

    private static Task task(ImportedPipeline pipeline) {
        return List.copyOf(parsed(pipeline).tasks()).get(0);
    }

    private static String script(ImportedPipeline pipeline) {
        return ((Shell) task(pipeline).action()).command().orElseThrow();
    }

    private static Map<String, String> env(ImportedPipeline pipeline) {
        Map<String, String> env = new LinkedHashMap<>();
        task(pipeline).env().forEach((name, value) -> {
            try {
                env.put(name, String.valueOf(value.evaluate(ASKED_NOTHING)));
            } catch (EvaluationException e) {
                throw new AssertionError(e);
            }
        });
        return env;
    }
}

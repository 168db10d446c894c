package io.millrace.cli.crontab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pipelines are called by what their commands are about. */
class PipelineNameTest {
    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            /usr/local/bin/backup.sh --all                                   => backup
            certbot renew --quiet                                            => certbot_renew
            cd ~/iris && ./iris.py read settings.json > data.json            => iris_read
            cd /srv/app; /usr/bin/php artisan schedule:run >> /dev/null 2>&1 => artisan_schedule_run
            test -x /usr/sbin/anacron || ( cd / && run-parts /etc/cron.daily ) => run_parts_cron_daily
            [ -x /usr/bin/x ] && /usr/bin/x                                  => x
            nice -n 19 ionice -c2 -n7 rsync -a /home/ /backup/               => rsync_home
            flock -n /var/lock/sync.lock /opt/sync.sh fast                   => sync_fast
            timeout 5m python3 /opt/report.py                                => report
            sudo -u www-data /bin/bash -c 'drush cron'                       => drush
            A=b B=c env D=e perl -w /x/y.pl 7                                => y_7
            mail -s "It's 10pm" joe                                          => mail
            >/dev/null 2>&1 /bin/x                                           => x
            ./x > out                                                        => x
            ./x>out 2>&1 & ./y                                               => x
            bash                                                             => bash
            false; x                                                         => job_false
            2to3 x                                                           => job_2to3_x
            ÄÖ.sh                                                            => ``
            ((1))                                                            => job_1
            ;;;                                                              => ``
            cd /x                                                            => ``
            """)
    void isThatOfTheProgram(String command, String name) {
        assertThat(PipelineName.of(command)).isEqualTo(name);
    }

    @RepeatedTest(500)
    void isAnIdOrNothing() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        StringBuilder command = new StringBuilder();
        String characters = " \t;|&'\"/.-_~$(){}[]<>=azAZ09äß\u0001\ud83d\udca3";
        for (int i = random.nextInt(120); i > 0; i--) {
            command.append(characters.charAt(random.nextInt(characters.length())));
        }
        assertThat(PipelineName.of(command.toString()))
                .as("of \"%s\", seed %d", command, seed)
                .matches("|[a-z][a-z0-9_]{0,54}");
    }
}

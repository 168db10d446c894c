package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A command that comes again is decided about once, however much has happened in between; the repeat is on record. */
class RepeatedCommandTest {
    private static final CommandId FIRST = CommandId.ofRerun("any", "first");
    private static final CommandId SECOND = CommandId.ofRerun("any", "second");

    private static RunStory failed() {
        return RunStory.of("tasks: [{id: a, shell: \"true\"}]").starts().fails("a");
    }

    private static void repeated(RunStory story, CommandId command, String reason) {
        RunEvent last = story.lastEvent();
        assertThat(last.type()).isEqualTo(RunEventType.REPORT_REJECTED);
        assertThat(last.reason()).isEqualTo(reason);
        assertThat(last.command()).isEqualTo(command);
        assertThat(last.by()).isEqualTo("ada");
    }

    @Nested
    class Rerun {
        @Test
        void opensTheRunOnce() {
            RunStory story = failed().rerunBy(FIRST);
            assertThat(story.lastEvent().command()).isEqualTo(FIRST);
            story.fails("a").rerunBy(FIRST);

            assertThat(story.isOpen()).isFalse();
            repeated(story, FIRST, "rerun repeated: event 5 has come of it");
            assertThat(story.rerunBy(FIRST).isOpen()).as("open after a third").isFalse();
            assertThat(story.rerunBy(SECOND).isOpen()).as("open by another").isTrue();
        }

        @Test
        void changesNothingWhileTheRunIsOpen() {
            RunStory story = failed().rerunBy(FIRST);
            TaskState before = story.task("a");
            story.rerunBy(FIRST);

            repeated(story, FIRST, "rerun repeated: it has been decided about before");
            assertThat(story.task("a")).isEqualTo(before);
        }

        @Test
        void staysRefusedWhenItWasRefused() {
            RunStory story = RunStory.of("tasks: [{id: a, shell: \"true\"}]")
                    .starts()
                    .rerunBy(FIRST)
                    .fails("a")
                    .rerunBy(FIRST);
            assertThat(story.isOpen()).isFalse();
            repeated(story, FIRST, "rerun repeated: event 2 has come of it");

            story.rerunBy(SECOND, "z").rerunBy(SECOND, "a");
            assertThat(story.isOpen()).isFalse();
            repeated(story, SECOND, "rerun repeated: event 7 has come of it");
            assertThat(story.lastEvent().tasks()).extracting(Object::toString).containsExactly("a");
        }

        @Test
        void isKnownAfterEverSoManyOthers() {
            RunStory story = failed().rerunBy(FIRST).fails("a");
            for (int i = 0; i < 2 * RunHead.MOST_COMMANDS; i++) {
                story.rerunBy(CommandId.ofRerun("any", "key" + i)).fails("a");
            }
            story.rerunBy(FIRST);

            repeated(story, FIRST, "rerun repeated: event 5 has come of it");
        }

        @Test
        void withoutAnIdIsAlwaysAnother() {
            assertThat(failed().reruns().fails("a").reruns().isOpen()).isTrue();
        }
    }

    @Nested
    class Cancellation {
        private static final String WITH_FINALLY = """
                tasks: [{id: a, shell: "true"}]
                finally: [{id: tidy, shell: "true"}]
                """;

        @Test
        void doesNotEndWhatFollowsTheEnd() {
            RunStory story =
                    RunStory.of(WITH_FINALLY).starts().cancelledBy(FIRST).cancelledBy(FIRST);
            repeated(story, FIRST, "cancellation repeated: it has been decided about before");
            assertThat(story.task("tidy").status()).isEqualTo(TaskStatus.QUEUED);

            story.cancelledBy(SECOND);
            assertThat(story.isOpen()).as("open after another").isFalse();
        }

        @Test
        void doesNotEndTheRunThatIsOpenAgain() {
            RunStory story = RunStory.of("tasks: [{id: a, shell: \"true\"}]")
                    .starts()
                    .cancelledBy(FIRST)
                    .reruns()
                    .cancelledBy(FIRST);

            repeated(story, FIRST, "cancellation repeated: it has been decided about before");
            assertThat(story.isOpen()).isTrue();
        }

        @Test
        void isForgottenByAnOpenRunAfterSoManyOthers() {
            RunStory story = RunStory.of(WITH_FINALLY).starts();
            for (int i = 0; i <= 2 * RunHead.MOST_COMMANDS; i++) {
                story.rerunBy(CommandId.ofRerun("any", "key" + i));
            }
            assertThat(story.lastEvent().reason()).isEqualTo("rerun rejected: the run has not ended");

            story.rerunBy(CommandId.ofRerun("any", "key" + (RunHead.MOST_COMMANDS + 1)));
            assertThat(story.lastEvent().reason()).startsWith("rerun repeated");
            story.rerunBy(CommandId.ofRerun("any", "key" + RunHead.MOST_COMMANDS));
            assertThat(story.lastEvent().reason()).startsWith("rerun rejected");
        }
    }

    @Nested
    class Answer {
        private static final String ASKS = """
                tasks:
                  - {id: ask, approval: May it?}
                  - {id: then, shell: "true", needs: ask}
                """;

        @Test
        void isNotGivenToTheQuestionThatIsAskedAgain() {
            RunStory story = RunStory.of(ASKS).starts().answeredBy(FIRST, "ask", false);
            assertThat(story.events().stream().filter(event -> FIRST.equals(event.command())))
                    .extracting(RunEvent::type)
                    .isEqualTo(List.of(RunEventType.TASK_FAILED));
            story.reruns().answeredBy(FIRST, "ask", false);

            repeated(story, FIRST, "answer repeated: it has been decided about before");
            assertThat(story.lastEvent().task()).hasToString("ask");
            assertThat(story.task("ask").status()).isEqualTo(TaskStatus.DEFERRED);
            assertThat(story.answeredBy(SECOND, "ask", true).task("then").status())
                    .isEqualTo(TaskStatus.QUEUED);
        }
    }
}

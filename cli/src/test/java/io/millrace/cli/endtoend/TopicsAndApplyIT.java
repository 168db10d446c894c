package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that compare files and topics with those of a real platform. */
class TopicsAndApplyIT {
    @TempDir
    private Path directory;

    @Test
    void createsTheTopicsOfAnInstallationAndFindsThemAsTheyShouldBe() {
        String[] where = {"--bootstrap", SharedPlatform.get().kafka().bootstrapServers(), "--prefix", prefix()};

        Cli dry = topics("create", where, "--dry-run", "--queues", "gpu").ended(0);
        assertThat(dry.out())
                .contains("would create " + where[3] + "tasks.gpu\n")
                .contains("tasks.default");
        assertThat(topics("check", where).ended(1).out()).contains("missing");

        Cli created =
                topics("create", where, "--partitions", "2", "--queues", "gpu").ended(0);

        assertThat(created.out()).isEqualTo(dry.out().replace("would create", "created"));
        int all = Topics.standard().fixed().size() + 2; // with those of two queues
        assertThat(topics("check", where).ended(0).out()).contains(all + " topics are as the catalogue has them");
        assertThat(topics("create", where, "--partitions", "2").ended(0).err()).contains("no topic is missing");
        JsonNode differences = topics("check", where, "--partitions", "4", "-o", "json")
                .ended(1)
                .json();
        assertThat(differences.path("differences")).isNotEmpty().allSatisfy(each -> {
            assertThat(each.path("what").asText()).isEqualTo("partitions");
            assertThat(each.path("actual").asText()).isEqualTo("2");
        });
    }

    @Test
    void createsTopicsOfTheUsersOwn() {
        String[] where = {"--bootstrap", SharedPlatform.get().kafka().bootstrapServers(), "--prefix", prefix()};
        String orders = "orders-" + where[3] + "v1";

        assertThat(topics("create", where, orders, "--dry-run").ended(0).out())
                .isEqualTo("would create " + orders + "\n");
        assertThat(topics("create", where, orders, "--partitions", "2").ended(0).out())
                .isEqualTo("created " + orders + "\n");
        assertThat(topics("create", where, orders).ended(0).err()).contains("no topic is missing");
        assertThat(topics("list", where).ended(0).err())
                .as("none of the platform's")
                .contains("no topics");

        assertThat(topics("create", where, where[3] + "mine").ended(2).err())
                .contains("cannot be a topic of your own", where[3] + " are the platform's");
        assertThat(topics("create", where, orders, "--queues", "gpu").ended(2).err())
                .contains("--queues is for the topics of the platform");
        assertThat(topics("create", where, "__mine").ended(2).err()).contains("__ are Kafka's");
        assertThat(topics("create", where, "no such name").ended(2).err())
                .contains("the topic 'no such name' cannot be created: ");
        assertThat(topics("create", where, orders + "-2", "--replicas", "9")
                        .ended(2)
                        .err())
                .contains("cannot be created: ");
    }

    @Test
    void findsATopicThatSomebodyMadeOtherwise() throws Exception {
        String bootstrap = SharedPlatform.get().kafka().bootstrapServers();
        String prefix = prefix();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            NewTopic pipelines =
                    new NewTopic(prefix + "pipelines", 3, (short) 1).configs(Map.of("cleanup.policy", "delete"));
            NewTopic stranger = new NewTopic(prefix + "stranger", 1, (short) 1);
            admin.createTopics(List.of(pipelines, stranger)).all().get();
        }
        String[] where = {"--bootstrap", bootstrap, "--prefix", prefix};

        assertThat(topics("create", where).ended(0).out()).doesNotContain(prefix + "pipelines");
        assertThat(topics("check", where).ended(1).out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "TOPIC WHAT EXPECTED ACTUAL",
                        prefix + "pipelines partitions 1 3",
                        prefix + "pipelines cleanup.policy compact delete");
        assertThat(topics("list", where).ended(0).out())
                .containsPattern("stranger +1 +1 +delete +7d 00h +0 +not in the catalogue\n");
    }

    @Test
    void listsTheTopicsOfThePlatformThatTheCoordinatorNames() {
        assertThat(Cli.execute("topics", "check").ended(0).out()).contains("as the catalogue has them");
        assertThat(Cli.execute("topics", "list").ended(0).out())
                .containsPattern("millrace.pipelines +1 +1 +compact +for ever");
        assertThat(Cli.execute("topics", "list", "-o", "json").ended(0).json().path("topics"))
                .isNotEmpty();
    }

    @Test
    void saysSoWhenKafkaDoesNotAnswer() {
        Cli cli = topics("list", new String[] {"--bootstrap", "127.0.0.1:1"});

        assertThat(cli.ended(3).err()).contains("Kafka at 127.0.0.1:1");
    }

    @Test
    void showsWhatApplyWouldChangeAndChangesNothing() throws IOException {
        Path file = write("dry/dry_run.yaml", "id: dry_run\ntasks:\n  - id: a\n    python: {file: a.py}\n");
        write("dry/a.py", "print(1)\n");
        String folder = directory.resolve("dry").toString();

        assertThat(Cli.execute("apply", "--dry-run", folder).ended(0).out())
                .contains("dry_run would be new")
                .contains("    +id: dry_run")
                .contains("adds the file a.py (9 bytes)");
        Cli.execute("trigger", "dry_run").ended(4);
        Cli.execute("apply", folder).ended(0);
        assertThat(Cli.execute("apply", "--dry-run", folder).ended(0).out())
                .isEqualTo("- dry_run would stay as it is\n");
        Files.writeString(file, "id: dry_run\ndescription: new\ntasks:\n  - id: a\n    python: {file: a.py}\n");
        write("dry/a.py", "print(12)\n");

        JsonNode answer = Cli.execute("apply", "--dry-run", folder, "-o", "json")
                .ended(0)
                .json()
                .at("/compared/0");

        assertThat(answer.path("changed").asBoolean()).isTrue();
        assertThat(answer.path("version").asInt()).isEqualTo(1);
        assertThat(answer.path("diff").asText()).contains("@@ -1,4 +1,5 @@\n id: dry_run\n+description: new\n");
        assertThat(answer.path("files").path(0).asText()).isEqualTo("changes the file a.py (9 to 10 bytes)");
        assertThat(Cli.execute("apply", folder).ended(0).out()).contains("version 2");
    }

    @Test
    void appliesAllFilesOfADirectoryALineEach() throws IOException {
        write("all/one.yaml", "id: all_one\ntasks: [{id: a, shell: x}]\n");
        write("all/two.yml", "id: all_two\ntasks: [{id: a, shell: x}]\n");

        assertThat(Cli.execute("apply", directory.resolve("all").toString())
                        .ended(0)
                        .out())
                .isEqualTo("+ all_one version 1\n+ all_two version 1\n");
    }

    @Test
    void goesOnWhenThePlatformRefusesOneOfSeveral() throws IOException {
        // Each file is small enough, and only the platform says how large all of them may be together.
        write("refused/big.yaml", "id: refused_big\ntasks: [{id: a, shell: x, files: [b0, b1, b2, b3]}]\n");
        write("refused/small.yaml", "id: refused_small\ntasks: [{id: a, shell: x}]\n");
        for (int i = 0; i < 4; i++) {
            Files.write(directory.resolve("refused/b" + i), new byte[200 * 1024]);
        }
        String folder = directory.resolve("refused").toString();

        Cli cli = Cli.execute("apply", folder).ended(1);

        assertThat(cli.out()).isEqualTo("+ refused_small version 1\n");
        assertThat(cli.err()).contains("big.yaml");
        JsonNode json = Cli.execute("apply", folder, "-o", "json").ended(1).json();
        assertThat(json.at("/refused/0/id").asText()).isEqualTo("refused_big");
        assertThat(json.at("/applied/0/id").asText()).isEqualTo("refused_small");
    }

    private static Cli topics(String verb, String[] where, String... more) {
        String[] all = new String[2 + where.length + more.length];
        all[0] = "topics";
        all[1] = verb;
        System.arraycopy(where, 0, all, 2, where.length);
        System.arraycopy(more, 0, all, 2 + where.length, more.length);
        return Cli.execute(all);
    }

    private static String prefix() {
        return "t" + UUID.randomUUID().toString().substring(0, 8) + ".";
    }

    private Path write(String name, String source) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, source);
    }
}

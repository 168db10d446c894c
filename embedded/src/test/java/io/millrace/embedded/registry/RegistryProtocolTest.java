package io.millrace.embedded.registry;

import static io.millrace.embedded.registry.RegistryCall.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.TestingPlatform;
import io.millrace.embedded.registry.RegistryCall.Answer;
import org.junit.jupiter.api.Test;

class RegistryProtocolTest {
    private final RegistryCall registry =
            new RegistryCall(TestingPlatform.shared().registryUrl());
    private final String subject = TestingPlatform.shared().uniquePrefix() + "orders-value";
    private final String name = subject.replaceAll("[^a-zA-Z0-9]", "_");
    private final String first = Schemas.record(name, "id:int");
    private final String second = Schemas.record(name, "id:int", "note:string=\"\"");
    private final String third = Schemas.record(name, "id:int", "note:string=\"\"", "price:double=0.0");
    private final String incompatible = Schemas.record(name, "id:int", "other:string");

    @Test
    void givesOneContentOneIdInAllSubjects() throws Exception {
        int id = registry.register(subject, first);
        assertThat(registry.register(subject, first.replace(",", " ,\n "))).isEqualTo(id);
        assertThat(registry.register(subject + "2", first)).isEqualTo(id);
        assertThat(registry.register(subject, second)).isNotEqualTo(id);
        assertThat(registry.get("/schemas/ids/" + id + "/versions").body()).hasSize(2);
        assertThat(registry.get("/schemas/ids/" + id + "/subjects").body().toString())
                .isEqualTo("[\"" + subject + "\",\"" + subject + "2\"]");
    }

    @Test
    void answersVersionsAsConfluentsDoes() throws Exception {
        int id = registry.register(subject, first);
        int id2 = registry.register(subject, second);
        assertThat(registry.get("/subjects").body().toString()).contains("\"" + subject + "\"");
        assertThat(registry.get("/subjects?subjectPrefix=" + subject).body()).hasSize(1);
        assertThat(registry.get("/subjects/" + subject + "/versions").body().toString())
                .isEqualTo("[1,2]");
        Answer one = registry.get("/subjects/" + subject + "/versions/1?deleted=false");
        assertThat(one.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
        assertThat(one.body().path("subject").asText()).isEqualTo(subject);
        assertThat(one.body().path("version").asInt()).isEqualTo(1);
        assertThat(one.body().path("id").asInt()).isEqualTo(id);
        assertThat(one.body().path("schema").asText()).isEqualTo(first);
        for (String latest : new String[] {"latest", "-1"}) {
            Answer last = registry.get("/subjects/" + subject + "/versions/" + latest);
            assertThat(last.body().path("id").asInt()).isEqualTo(id2);
        }
        assertThat(registry.get("/subjects/" + subject + "/versions/2/schema")
                        .body()
                        .toString())
                .isEqualTo(second);
        assertThat(registry.get("/subjects/" + subject + "/versions/2/referencedby")
                        .body()
                        .toString())
                .isEqualTo("[]");
    }

    @Test
    void findsSchemasById() throws Exception {
        int id = registry.register(subject, first);
        Answer found = registry.get("/schemas/ids/" + id + "?fetchMaxId=false&subject=" + subject);
        assertThat(found.body().path("schema").asText()).isEqualTo(first);
        assertThat(found.body().has("maxId")).isFalse();
        assertThat(registry.get("/schemas/ids/" + id + "?fetchMaxId=true")
                        .body()
                        .path("maxId")
                        .asInt())
                .isGreaterThanOrEqualTo(id);
        assertThat(registry.get("/schemas/ids/" + id + "/schema").body().toString())
                .isEqualTo(first);
        assertThat(registry.get("/schemas?subjectPrefix=" + subject + "&latestOnly=true")
                        .body())
                .hasSize(1);
        assertThat(registry.get("/schemas/types").body().toString()).isEqualTo("[\"AVRO\"]");
        assertThat(registry.get("/schemas/ids/2000000000").code()).isEqualTo(40403);
        assertThat(registry.get("/schemas/ids/one").status()).isEqualTo(404);
    }

    @Test
    void looksUpWithoutRegistering() throws Exception {
        assertThat(registry.post("/subjects/" + subject, body(first)).code()).isEqualTo(40401);
        int id = registry.register(subject, first);
        Answer found = registry.post("/subjects/" + subject + "?normalize=false&deleted=true", body(first));
        assertThat(found.body().path("id").asInt()).isEqualTo(id);
        assertThat(found.body().path("version").asInt()).isEqualTo(1);
        assertThat(registry.post("/subjects/" + subject, body(second)).code()).isEqualTo(40403);
        assertThat(registry.get("/subjects/" + subject + "/versions").body()).hasSize(1);
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        assertThat(registry.get("/subjects/" + subject + "/versions").code()).isEqualTo(40401);
        assertThat(registry.delete("/subjects/" + subject).code()).isEqualTo(40401);
        registry.register(subject, first);
        assertThat(registry.get("/subjects/" + subject + "/versions/7").code()).isEqualTo(40402);
        for (String none : new String[] {"0", "-2", "x", "2147483648", "%2B1"}) {
            assertThat(registry.get("/subjects/" + subject + "/versions/" + none)
                            .code())
                    .as(none)
                    .isEqualTo(42202);
        }
        assertThat(registry.get("/nowhere").status()).isEqualTo(404);
        assertThat(registry.put("/subjects/" + subject, body(first)).status()).isEqualTo(405);
    }

    @Test
    void refusesWhatCannotReadTheVersionBefore() throws Exception {
        registry.register(subject, first);
        Answer refused = registry.post("/subjects/" + subject + "/versions?normalize=false", body(incompatible));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message())
                .contains(subject, "READER_FIELD_MISSING_DEFAULT_VALUE", "version 1", "other", "BACKWARD");
        assertThat(registry.get("/subjects/" + subject + "/versions").body()).hasSize(1);
    }

    @Test
    void checksCompatibilityWithoutRegistering() throws Exception {
        String path = "/compatibility/subjects/" + subject + "/versions";
        assertThat(registry.post(path + "/latest", body(first)).body().toString())
                .isEqualTo("{\"is_compatible\":true}");
        assertThat(registry.post(path + "/1", body(first)).code()).isEqualTo(40402);
        registry.register(subject, first);
        assertThat(registry.post(path + "/latest?verbose=true", body(second))
                        .body()
                        .toString())
                .isEqualTo("{\"is_compatible\":true,\"messages\":[]}");
        for (String versions : new String[] {"/1", "/latest", ""}) {
            Answer no = registry.post(path + versions + "?verbose=true", body(incompatible));
            assertThat(no.status()).isEqualTo(200);
            assertThat(no.body().path("is_compatible").asBoolean(true)).isFalse();
            assertThat(no.body().path("messages").path(0).asText()).contains("READER_FIELD_MISSING_DEFAULT_VALUE");
        }
    }

    @Test
    void holdsEachSubjectToItsLevel() throws Exception {
        String withoutId = Schemas.record(name, "note:string=\"\"");
        registry.register(subject, second);
        // Backward: fields may go. Forward and full: one without a default may not.
        assertThat(compatible(withoutId)).isTrue();
        level("FORWARD");
        assertThat(compatible(withoutId)).isFalse();
        assertThat(compatible(incompatible.replace("other", "note"))).isTrue();
        level("FULL");
        assertThat(compatible(withoutId)).isFalse();
        assertThat(compatible(third)).isTrue();
        level("NONE");
        assertThat(compatible("\"string\"")).isTrue();
        registry.register(subject, "\"string\"");
        level("BACKWARD");
        assertThat(compatible(first)).isFalse();
        level("NONE");
        registry.register(subject, third);
        level("BACKWARD");
        assertThat(compatible(third)).isTrue();
        level("BACKWARD_TRANSITIVE");
        assertThat(compatible(Schemas.record(name, "id:int", "more:int=1"))).isFalse();
    }

    @Test
    void keepsLevelsBySubject() throws Exception {
        assertThat(registry.get("/config/").body().toString()).isEqualTo("{\"compatibilityLevel\":\"BACKWARD\"}");
        assertThat(registry.get("/config/?defaultToGlobal=false").status()).isEqualTo(200);
        assertThat(registry.get("/config/" + subject).code()).isEqualTo(40408);
        assertThat(registry.get("/config/" + subject + "?defaultToGlobal=true")
                        .body()
                        .path("compatibilityLevel")
                        .asText())
                .isEqualTo("BACKWARD");
        assertThat(registry.put("/config/" + subject, "{\"compatibility\":\"full\"}")
                        .body()
                        .toString())
                .isEqualTo("{\"compatibility\":\"FULL\"}");
        assertThat(registry.get("/config/" + subject + "/").body().toString())
                .isEqualTo("{\"compatibilityLevel\":\"FULL\"}");
        assertThat(registry.put("/config/" + subject, "{\"compatibility\":\"SOME\"}")
                        .code())
                .isEqualTo(42203);
        assertThat(registry.put("/config/" + subject, "{}").code()).isEqualTo(42203);
        assertThat(registry.delete("/config/" + subject).body().toString())
                .isEqualTo("{\"compatibilityLevel\":\"FULL\"}");
        assertThat(registry.delete("/config/" + subject).code()).isEqualTo(40408);
    }

    @Test
    void isAlwaysOpenForReadingAndWriting() throws Exception {
        assertThat(registry.get("/mode").body().toString()).isEqualTo("{\"mode\":\"READWRITE\"}");
        assertThat(registry.get("/mode/" + subject + "?defaultToGlobal=true")
                        .body()
                        .toString())
                .isEqualTo("{\"mode\":\"READWRITE\"}");
        assertThat(registry.get("/mode/" + subject).code()).isEqualTo(40409);
        assertThat(registry.get("/").status()).isEqualTo(200);
        assertThat(registry.get("/contexts").body().toString()).isEqualTo("[\".\"]");
    }

    @Test
    void deletesSoftlyFirstAndForGoodThen() throws Exception {
        int id = registry.register(subject, first);
        registry.register(subject, second);
        String path = "/subjects/" + subject;
        assertThat(registry.delete(path + "/versions/2?permanent=true").code()).isEqualTo(40407);
        assertThat(registry.delete(path + "/versions/latest?permanent=false")
                        .body()
                        .asInt())
                .isEqualTo(2);
        assertThat(registry.delete(path + "/versions/2").code()).isEqualTo(40406);
        assertThat(registry.get(path + "/versions").body().toString()).isEqualTo("[1]");
        assertThat(registry.get(path + "/versions?deleted=true").body().toString())
                .isEqualTo("[1,2]");
        assertThat(registry.delete(path + "?permanent=true").code()).isEqualTo(40405);
        assertThat(registry.delete(path).body().toString()).isEqualTo("[1]");
        assertThat(registry.delete(path).code()).isEqualTo(40404);
        assertThat(registry.get("/schemas/ids/" + id).status())
                .as("readers still need it")
                .isEqualTo(200);
        assertThat(registry.register(subject, first)).isEqualTo(id);
        assertThat(registry.get(path + "/versions").body().toString()).isEqualTo("[3]");
        registry.delete(path);
        assertThat(registry.delete(path + "?permanent=true").body().toString()).isEqualTo("[1,2,3]");
        assertThat(registry.get("/schemas/ids/" + id).code()).isEqualTo(40403);
        assertThat(registry.register(subject, first)).as("no id twice").isGreaterThan(id);
    }

    @Test
    void takesSubjectsWithUnusualNames() throws Exception {
        String odd = subject + "%2Fa%20b%3Ac%25%C3%A4";
        registry.register(odd, first);
        assertThat(registry.get("/subjects/" + odd + "/versions/1")
                        .body()
                        .path("subject")
                        .asText())
                .isEqualTo(subject + "/a b:c%ä");
    }

    private boolean compatible(String schema) throws Exception {
        return registry.post("/compatibility/subjects/" + subject + "/versions", body(schema))
                .body()
                .path("is_compatible")
                .asBoolean();
    }

    private void level(String level) throws Exception {
        assertThat(registry.put("/config/" + subject, "{\"compatibility\":\"" + level + "\"}")
                        .status())
                .isEqualTo(200);
    }
}

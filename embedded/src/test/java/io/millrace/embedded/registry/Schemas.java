package io.millrace.embedded.registry;

/** Schemas to register; the more fields with a default, the later the version. */
final class Schemas {
    private Schemas() {}

    /** A record of this name with the fields, each written as {@code name:type} or {@code name:type=default}. */
    static String record(String name, String... fields) {
        StringBuilder json = new StringBuilder("{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[");
        String separator = "";
        for (String field : fields) {
            String[] nameAndRest = field.split(":", 2);
            String[] typeAndDefault = nameAndRest[1].split("=", 2);
            json.append(separator)
                    .append("{\"name\":\"" + nameAndRest[0] + "\",\"type\":\"" + typeAndDefault[0] + "\"")
                    .append(typeAndDefault.length == 2 ? ",\"default\":" + typeAndDefault[1] : "")
                    .append("}");
            separator = ",";
        }
        return json.append("]}").toString();
    }
}

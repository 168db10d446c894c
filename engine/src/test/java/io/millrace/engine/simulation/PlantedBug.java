package io.millrace.engine.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A bug as it stands in planted-bugs.txt: what is put in the place of which texts of the engine's source. */
record PlantedBug(String name, List<Place> places) {
    private static final Path SOURCES = Path.of("src/main/java/io/millrace/engine");
    private static final Path BUGS = Path.of("src/test/resources/io/millrace/engine/simulation/planted-bugs.txt");

    /** One text, which stands in the file exactly once. */
    record Place(String file, String text, String replacement) {}

    static List<PlantedBug> all() throws IOException {
        List<PlantedBug> bugs = new ArrayList<>();
        String[] sections = Files.readString(BUGS).split("(?m)^bug: ");
        for (int i = 1; i < sections.length; i++) {
            String[] parts = sections[i].split("(?m)^file: ");
            List<Place> places = new ArrayList<>();
            for (int j = 1; j < parts.length; j++) {
                places.add(place(parts[j]));
            }
            bugs.add(new PlantedBug(parts[0].strip(), List.copyOf(places)));
        }
        return bugs;
    }

    private static Place place(String part) {
        int replace = part.indexOf("\nreplace:\n");
        int by = part.indexOf("\nby:\n");
        return new Place(
                part.substring(0, replace).strip(),
                part.substring(replace + "\nreplace:\n".length(), by),
                part.substring(by + "\nby:\n".length()).stripTrailing());
    }

    /** The changed sources, by file. @throws IllegalStateException when the engine does not look as the bug expects */
    Map<String, String> sources() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Place place : places) {
            String source = sources.containsKey(place.file)
                    ? sources.get(place.file)
                    : Files.readString(SOURCES.resolve(place.file));
            int at = source.indexOf(place.text);
            if (at < 0 || source.indexOf(place.text, at + 1) >= 0) {
                throw new IllegalStateException(place.file + " has changed: the text that \"" + name
                        + "\" replaces does not stand there exactly once; bring planted-bugs.txt up to date:\n"
                        + place.text);
            }
            sources.put(
                    place.file,
                    source.substring(0, at) + place.replacement + source.substring(at + place.text.length()));
        }
        return sources;
    }

    @Override
    public String toString() {
        return name;
    }
}

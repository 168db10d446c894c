package io.millrace.cli.profile;

import io.millrace.expression.Suggestion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the file of profiles: all of its mistakes are told at once, each with file, line and column. */
public final class ProfilesFile {
    private static final Set<String> TOP = Set.of("default", "profiles");
    private static final List<String> KEYS = List.of("url", "kafka", "registry", "prefix", "client");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern SERVERS = Pattern.compile("[^\\s,:]+:[0-9]{1,5}(,\\s*[^\\s,:]+:[0-9]{1,5})*");
    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,100}");

    private final Path file;
    private final List<String> mistakes = new ArrayList<>();
    private final Map<String, Profile> profiles = new LinkedHashMap<>();
    private Optional<String> standard = Optional.empty();

    private ProfilesFile(Path file) {
        this.file = file;
    }

    /**
     * The profiles of a file; none where there is no such file.
     *
     * @throws ProfilesException when it cannot be read or holds a mistake
     */
    public static Profiles read(Path file) {
        if (!Files.exists(file)) {
            return Profiles.NONE;
        }
        ProfilesFile reading = new ProfilesFile(file);
        reading.read();
        if (!reading.mistakes.isEmpty()) {
            throw new ProfilesException(reading.mistakes);
        }
        return new Profiles(reading.standard, reading.profiles);
    }

    private void read() {
        Optional<Node> root;
        try {
            root = new Compose(LoadSettings.builder().build()).composeString(Files.readString(file));
        } catch (IOException e) {
            mistakes.add(file + " cannot be read: " + e);
            return;
        } catch (YamlEngineException e) {
            mistakes.add(file + " is not YAML: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            return;
        }
        root.ifPresent(node -> members(node, "the file", this::top));
        standard.filter(name -> !profiles.containsKey(name))
                .ifPresent(name -> mistakes.add(file + ": `default` names the profile " + name + ", which there is not"
                        + meant(name, profiles.keySet())));
    }

    private void top(String key, NodeTuple member) {
        if (key.equals("default")) {
            standard = text(member.getValueNode(), "`default`");
        } else if (key.equals("profiles")) {
            members(member.getValueNode(), "`profiles`", this::profile);
        } else {
            unknown(member, key, TOP);
        }
    }

    private void profile(String name, NodeTuple member) {
        if (!NAME.matcher(name).matches()) {
            mistake(member.getKeyNode(), "'" + name + "' is no name of a profile: letters, digits, '.', '_' and '-'");
        }
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, String> client = new LinkedHashMap<>();
        members(member.getValueNode(), "the profile " + name, (key, setting) -> {
            if (key.equals("client")) {
                members(
                        setting.getValueNode(),
                        "`client`",
                        (property, value) ->
                                text(value.getValueNode(), property).ifPresent(text -> client.put(property, text)));
            } else if (KEYS.contains(key)) {
                text(setting.getValueNode(), "`" + key + "`")
                        .filter(text -> fits(key, text, setting.getValueNode()))
                        .ifPresent(text -> values.put(key, text));
            } else {
                unknown(setting, key, KEYS);
            }
        });
        profiles.put(
                name,
                new Profile(
                        name,
                        Optional.ofNullable(values.get("url")).map(URI::create),
                        Optional.ofNullable(values.get("kafka")),
                        Optional.ofNullable(values.get("registry")).map(URI::create),
                        Optional.ofNullable(values.get("prefix")),
                        client));
    }

    private boolean fits(String key, String text, Node node) {
        boolean fits = switch (key) {
            case "kafka" -> SERVERS.matcher(text).matches();
            case "prefix" -> PREFIX.matcher(text).matches();
            default -> isHttp(text);
        };
        if (!fits) {
            mistake(
                    node,
                    "`" + key + "` must be "
                            + switch (key) {
                                case "kafka" -> "host:port, several separated by commas";
                                case "prefix" -> "up to 100 letters, digits, dots, underscores and hyphens";
                                default -> "a URL that starts with http:// or https://";
                            });
        }
        return fits;
    }

    private static boolean isHttp(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Calls back for each member of an object; whatever else stands there is a mistake, and so is a key that stands twice. */
    private void members(Node node, String what, BiConsumer<String, NodeTuple> member) {
        if (!(node instanceof MappingNode mapping)) {
            mistake(node, what + " must be an object");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Optional<String> key = text(tuple.getKeyNode(), "a key");
            if (key.isPresent() && !seen.add(key.get())) {
                mistake(tuple.getKeyNode(), "`" + key.get() + "` stands twice");
            } else {
                key.ifPresent(name -> member.accept(name, tuple));
            }
        }
    }

    private Optional<String> text(Node node, String what) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return Optional.of(scalar.getValue());
        }
        mistake(node, what + " must be a text");
        return Optional.empty();
    }

    private void unknown(NodeTuple member, String key, Collection<String> known) {
        mistake(
                member.getKeyNode(),
                "there is no key `" + key + "` here, but "
                        + String.join(", ", known.stream().sorted().toList()) + meant(key, known));
    }

    private static String meant(String word, Collection<String> known) {
        return Suggestion.of(word, known)
                .map(near -> "; did you mean `" + near + "`?")
                .orElse("");
    }

    /** Values are left out: they may be secrets. */
    private void mistake(Node node, String sentence) {
        String place = node.getStartMark()
                .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                .orElse("");
        mistakes.add(file + place + ": " + sentence);
    }
}

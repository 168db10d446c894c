package io.millrace.cli.command;

import io.millrace.cli.profile.Profile;
import io.millrace.cli.profile.Profiles;
import io.millrace.cli.profile.ProfilesFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which cluster is meant. The file of profiles is read only when somebody asks, so that a mistake in it does not keep the verbs
 * from working that need no cluster.
 */
final class ProfileChoice {
    private final Map<String, String> environment;

    ProfileChoice(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Where the profiles are: {@code MILLRACE_CONFIG}, else as the XDG base directories have it; nowhere without a home. */
    Optional<Path> file() {
        Optional<Path> xdg = variable("XDG_CONFIG_HOME").map(Path::of);
        return variable("MILLRACE_CONFIG")
                .map(Path::of)
                .or(() -> xdg.or(() -> variable("HOME").map(home -> Path.of(home, ".config")))
                        .map(config -> config.resolve("millrace").resolve("config.yaml")));
    }

    /**
     * All profiles.
     *
     * @throws UsageException when {@code MILLRACE_CONFIG} names no file
     */
    Profiles all() {
        Optional<Path> file = file();
        if (variable("MILLRACE_CONFIG").isPresent()
                && !file.orElseThrow().toFile().exists()) {
            throw new UsageException("MILLRACE_CONFIG names the file " + file.get() + ", which there is not");
        }
        return file.map(ProfilesFile::read).orElse(Profiles.NONE);
    }

    /**
     * The profile of this name; without one that of {@code MILLRACE_PROFILE}, else the default of the file, else none.
     *
     * @throws UsageException when there is no profile of the name
     */
    Optional<Profile> chosen(Optional<String> flag) {
        Optional<String> variable = variable("MILLRACE_PROFILE");
        Profiles all = all();
        Optional<String> name = flag.or(() -> variable).or(all::standard);
        return name.map(wanted -> {
            Profile profile = all.byName().get(wanted);
            if (profile == null) {
                String whose = flag.isPresent() ? "--profile: " : "MILLRACE_PROFILE: ";
                throw new UsageException(whose + "there is no profile '" + wanted + "'"
                        + file().map(file -> " in " + file).orElse("")
                        + DidYouMean.among(wanted, all.byName().keySet()));
            }
            return profile;
        });
    }

    /** The coordinator's address, where no flag says it: what is said more closely counts. */
    Optional<URI> address(Optional<String> flag) {
        if (flag.isPresent()) {
            return chosen(flag).flatMap(Profile::url);
        }
        return variable("MILLRACE_URL")
                .map(ProfileChoice::uri)
                .or(() -> chosen(flag).flatMap(Profile::url));
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("MILLRACE_URL: the address '" + text + "' is not like http://127.0.0.1:7070", e);
        }
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}

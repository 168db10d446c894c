package io.millrace.schemas.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/**
 * Secrets in a directory, a file each, as Docker and Kubernetes mount them. Links are followed as long as they stay in the directory (Kubernetes has
 * some); a file that everybody may write is refused, since anybody could have put its content there.
 */
final class FileSecrets implements SecretProvider {
    private final Path directory;

    FileSecrets(Path directory) {
        this.directory = directory;
    }

    @Override
    public Optional<String> find(String name) throws SecretException {
        Path file = directory.resolve(name);
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(directory.toRealPath())) {
                throw refused(name, "leads out of the directory");
            }
            if (!Files.isRegularFile(real)) {
                throw refused(name, "is no plain file");
            }
            if (Files.getPosixFilePermissions(real).contains(PosixFilePermission.OTHERS_WRITE)) {
                throw refused(name, "may be written by everybody");
            }
            try (InputStream in = Files.newInputStream(real)) {
                return Optional.of(SecretText.of(name, describe(), in.readNBytes(SecretText.MAX_BYTES + 1)));
            }
        } catch (NoSuchFileException unknown) {
            return Optional.empty();
        } catch (IOException e) {
            throw SecretException.retryable("The secret '" + name + "' cannot be read from " + describe() + ": "
                    + e.getClass().getSimpleName() + ".");
        }
    }

    private SecretException refused(String name, String why) {
        return SecretException.permanent(
                "The secret '" + name + "' is refused: its file in " + describe() + " " + why + ".");
    }

    @Override
    public String describe() {
        return "file:" + directory;
    }
}

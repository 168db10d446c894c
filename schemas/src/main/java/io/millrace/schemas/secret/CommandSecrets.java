package io.millrace.schemas.secret;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Secrets from a program such as {@code pass} or {@code vault}: it is given the name as an argument, never through a shell, and prints the value.
 * Exit code 0 without a word means that it does not know the secret; another code means that it could not say. What it prints to standard error is
 * dropped, for nobody can tell what of it is secret.
 */
final class CommandSecrets implements SecretProvider {
    static final String NAME = "{name}";

    private final List<String> words;
    private final Map<String, String> environment;
    private final Duration limit;

    /** @param limit how long the program may take */
    CommandSecrets(List<String> words, Map<String, String> environment, Duration limit) {
        this.words = List.copyOf(words);
        this.environment = Map.copyOf(environment);
        this.limit = limit;
    }

    @Override
    public Optional<String> find(String name) throws SecretException, InterruptedException {
        Process process = start(name);
        try {
            CompletableFuture<byte[]> printed = CompletableFuture.supplyAsync(() -> read(process), this::inOwnThread);
            byte[] bytes = printed.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (bytes.length <= SecretText.MAX_BYTES) {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new TimeoutException();
                }
                if (process.exitValue() != 0) {
                    throw failed(name, "ended with code " + process.exitValue());
                }
            }
            String text = SecretText.of(name, describe(), bytes);
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (TimeoutException e) {
            throw failed(name, "took longer than " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw failed(name, "could not be read");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Override
    public String describe() {
        return "command:" + String.join(" ", words);
    }

    private Process start(String name) throws SecretException {
        ProcessBuilder builder = new ProcessBuilder(
                        words.stream().map(word -> word.replace(NAME, name)).toList())
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw failed(name, "cannot be started");
        }
    }

    private void inOwnThread(Runnable task) {
        Thread thread = new Thread(task, "millrace-secret-command");
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] read(Process process) {
        try (InputStream in = process.getInputStream()) {
            return in.readNBytes(SecretText.MAX_BYTES + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SecretException failed(String name, String how) {
        return SecretException.retryable("The secret '" + name + "' cannot be had: " + describe() + " " + how + ".");
    }
}

package io.millrace.worker.artifact;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3-compatible server as a process; where its program cannot be had, the tests that want it are skipped, visibly. */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "artifacts";

    private static final Pattern STARTED = Pattern.compile("Tomcat started on ports? ([0-9]+) \\(http\\)");

    private final Process process;
    private final URI endpoint;
    private final S3Client client;

    private S3Server(Process process, int port) {
        this.process = process;
        this.endpoint = URI.create("http://127.0.0.1:" + port);
        this.client = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
                .build();
    }

    static S3Server start() throws Exception {
        Optional<Path> program = program();
        Assumptions.assumeTrue(program.isPresent(), "there is no s3mock-…-exec.jar on the class path");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        program.orElseThrow().toString(),
                        "--server.port=0",
                        "--server.ssl.enabled=false",
                        "--com.adobe.testing.s3mock.httpPort=0",
                        "--server.address=127.0.0.1",
                        "--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET)
                .redirectErrorStream(true)
                .start();
        try {
            return new S3Server(process, portOf(process).get(120, TimeUnit.SECONDS));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    URI endpoint() {
        return endpoint;
    }

    List<String> keys(String prefix) {
        return client.listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    int objectsAndUploads(String prefix) {
        int uploads = client.listMultipartUploads(
                        request -> request.bucket(BUCKET).prefix(prefix))
                .uploads()
                .size();
        return uploads + keys(prefix + S3Sweep.OBJECTS).size();
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
    }

    private static Optional<Path> program() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(classPath.split(java.io.File.pathSeparator))
                .filter(entry -> entry.contains("s3mock") && entry.endsWith("-exec.jar"))
                .map(Path::of)
                .findFirst();
    }

    /** Reads what it says for as long as it lives, so that it never waits for a reader. */
    private static CompletableFuture<Integer> portOf(Process process) {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            StringBuilder said = new StringBuilder();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Matcher started = STARTED.matcher(line);
                    if (started.find()) {
                        port.complete(Integer.parseInt(started.group(1)));
                    }
                    said.append(port.isDone() ? "" : line + "\n");
                }
                port.completeExceptionally(new AssertionError("the server ended: " + said));
            } catch (IOException e) {
                port.completeExceptionally(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
        return port;
    }
}

package io.millrace.worker.execute;

import io.millrace.event.LogStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process's standard output and standard error as two named pipes, read by a thread each.
 *
 * <p>Why not the pipes of {@link Process}: the JDK drains and closes those in the moment in which the first process ends, and with that loses what a
 * process behind it ({@code exec > >(tee log)}) was about to write: most often the very lines that say what went wrong. A named pipe is read until its
 * last writer is gone, and its reader can be called off when a writer never goes.
 *
 * <p><b>Threading:</b> used by the thread that runs the process; the readers only meet it in {@link TaskOutput}.
 */
final class OutputPipes {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPipes.class);
    private static final Duration CALL_OFF = Duration.ofMillis(200);

    private final Reader stdout;
    private final Reader stderr;

    private OutputPipes(Reader stdout, Reader stderr) {
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Makes both pipes and starts their readers, which wait until the process is started. */
    static OutputPipes open(PipeStock stock, Workspace workspace, TaskOutput output)
            throws IOException, InterruptedException {
        stock.put(workspace.stdout());
        stock.put(workspace.stderr());
        Reader stdout = new Reader(workspace.stdout(), LogStream.STDOUT, output);
        Reader stderr = new Reader(workspace.stderr(), LogStream.STDERR, output);
        stdout.start();
        stderr.start();
        return new OutputPipes(stdout, stderr);
    }

    /** Waits until everything was read; after the limit the readers are called off, whoever still holds the pipes. */
    void finish(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (Reader reader : List.of(stdout, stderr)) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left > 0) {
                reader.join(left);
            }
            if (reader.isAlive()) {
                reader.callOff();
            }
        }
    }

    private static final class Reader extends Thread {
        private final Path path;
        private final LogStream stream;
        private final LineSplitter lines;
        private volatile boolean calledOff;

        Reader(Path path, LogStream stream, TaskOutput output) {
            super("millrace-read-" + stream);
            this.path = path;
            this.stream = stream;
            this.lines = new LineSplitter(line -> output.line(stream, line));
            setDaemon(true);
        }

        @Override
        public void run() {
            byte[] buffer = new byte[16 * 1024];
            // Opening waits for the first writer.
            try (InputStream in = new FileInputStream(path.toFile())) {
                for (int count = in.read(buffer); count >= 0 && !calledOff; count = in.read(buffer)) {
                    lines.feed(buffer, count);
                }
                lines.finish();
            } catch (IOException e) {
                LOG.warn("Reading {} of a task failed", stream, e);
            }
        }

        /**
         * Ends the reader: where a writer keeps it busy the flag is enough; else it waits for a byte (or for the first writer), and gets one from us.
         * Opened for reading and writing, since that never waits for the other side.
         */
        void callOff() throws InterruptedException {
            calledOff = true;
            join(CALL_OFF.toMillis());
            if (isAlive()) {
                try (RandomAccessFile pipe = new RandomAccessFile(path.toFile(), "rw")) {
                    pipe.write('\n');
                    join(CALL_OFF.toMillis());
                } catch (IOException e) {
                    LOG.warn("The reader of {} could not be called off", stream, e);
                }
            }
        }
    }
}

package io.millrace.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What every handler is told about the attempt that it executes.
 *
 * <p><b>Threading:</b> may be used from any thread while the handler runs.
 */
public interface HandlerContext {
    /** The run's id. */
    String run();

    /** The pipeline's id. */
    String pipeline();

    /** The version of the pipeline that the run keeps, from 1. */
    int version();

    /** The task's id. */
    String task();

    /** Which try this is, from 1. */
    int attempt();

    /** Which delivery of the attempt this is, from 1; it grows when the task is handed to a worker again. */
    int epoch();

    /** Stable across attempts and deliveries of the task: pass it to outside systems, so that a repeat does no harm. */
    String idempotencyKey();

    /** The task's resolved {@code with}; unmodifiable. Integers are Integer, Long or BigInteger, decimals are Double. */
    Map<String, Object> inputs();

    /** The task's resolved {@code env}; unmodifiable. */
    Map<String, String> env();

    /** A directory of this attempt's own, with the files that the task names; deleted when the handler has returned. */
    Path workDirectory();

    /**
     * Opens an artifact of an earlier task by the object that stands for it in {@link #inputs()}. Reading to the end throws when it is not, byte for
     * byte, what was stored.
     *
     * @throws IOException when it is no such object, or the artifact cannot be had
     */
    InputStream openArtifact(Object reference) throws IOException;

    /**
     * Stores what the stream gives as an artifact, and returns the object that stands for it: put it into the output, where the pipeline declares a
     * {@code file}. Memory does not grow with the content. The caller closes the stream.
     *
     * @param name what the file is called downstream
     * @throws IOException when it is too large, or cannot be stored
     */
    Map<String, Object> writeArtifact(String name, InputStream content) throws IOException;

    /** Writes to the task's log; each line of the text becomes a line of it, cut to 8,000 characters. */
    void log(String text);

    /** Whether the result does not matter any more: the time is up, or the task was cancelled or is given back. */
    boolean isCancelled();
}

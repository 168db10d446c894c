package io.millrace.worker.execute;

import java.nio.ByteBuffer;

/**
 * A file of the pipeline as the task finds it in its working directory.
 *
 * @param path relative to the working directory, with forward slashes
 * @param content its bytes, from position to limit
 * @param executable whether its owner may execute it
 */
public record TaskFile(String path, ByteBuffer content, boolean executable) {}

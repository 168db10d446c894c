package io.millrace.pipeline;

/** Reads the YAML file of a pipeline. Bad input is answered with problems, never with an exception. */
public final class PipelineParser {
    private PipelineParser() {}

    /**
     * Reads a pipeline.
     *
     * @param fileName the name of the file, as problems are to show it
     * @param source the text of the file
     */
    public static ParsedPipeline parse(String fileName, String source) {
        throw new UnsupportedOperationException(fileName + source.length());
    }

    /**
     * Reads a pipeline from the bytes of its file, which must be UTF-8.
     *
     * @param fileName the name of the file, as problems are to show it
     * @param source the bytes of the file
     */
    public static ParsedPipeline parse(String fileName, byte[] source) {
        throw new UnsupportedOperationException(fileName + source.length);
    }
}

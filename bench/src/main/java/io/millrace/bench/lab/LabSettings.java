package io.millrace.bench.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the JVMs of the lab are started.
 *
 * @param jvmOptions options for each of them, after those that `millrace` itself gives
 * @param recordings where each writes a recording of Java Flight Recorder; empty when none is made
 */
public record LabSettings(List<String> jvmOptions, Optional<Path> recordings) {
    /** As the launcher starts them, and without recordings. */
    public static final LabSettings STANDARD = new LabSettings(List.of(), Optional.empty());

    /** @param recording the name of its recording */
    List<String> options(String role, String recording, int heapGigabytes) {
        List<String> options = new ArrayList<>(List.of("-Xmx" + heapGigabytes + "g", "-Dmillrace.bench.role=" + role));
        options.addAll(jvmOptions);
        if (recordings.isPresent()) {
            Path file = recordings.get().resolve(recording + ".jfr");
            options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + file);
            options.add("-XX:FlightRecorderOptions=stackdepth=96");
            options.add("-Xlog:jfr*=off");
        }
        return options;
    }
}

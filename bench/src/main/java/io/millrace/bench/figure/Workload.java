package io.millrace.bench.figure;

import io.millrace.bench.lab.Lab;
import java.util.List;

/** Something that is measured. */
public interface Workload {
    /** What it is called on the command line, such as {@code W1}. */
    String id();

    /** What it measures, in a few words. */
    String title();

    /** Measures it. @throws io.millrace.bench.lab.LabException when the platform does not do what it has to */
    List<Result> measure(Lab lab, Effort effort, Progress progress);
}

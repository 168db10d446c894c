package io.millrace.audit.verify;

/** What is promised, and can be told from the topics; the numbers are those of the documentation. */
public enum Guarantee {
    G1("every trigger led to one run, or to a dead letter"),
    G2("every delivery of a task was claimed at most once"),
    G3("every attempt has one accepted outcome"),
    G4("tasks began after what they need, and once"),
    G5("every run that began ended, or waits for something"),
    G6("no event is missing"),
    G7("tasks of lost workers were handed on"),
    G10("the audit log gives back every run's state"),
    G11("no more runs were under way than their pipeline and their pool allow"),
    G12("who is to be told of something is told, or it is said why not");

    private final String sentence;

    Guarantee(String sentence) {
        this.sentence = sentence;
    }

    /** What is promised, in a sentence without its full stop. */
    public String sentence() {
        return sentence;
    }
}

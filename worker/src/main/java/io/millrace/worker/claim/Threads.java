package io.millrace.worker.claim;

/** Makes the session's threads: daemons, since a worker ends by being closed and must never keep its JVM alive. */
final class Threads {
    private Threads() {}

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, "millrace-" + name);
        thread.setDaemon(true);
        return thread;
    }
}

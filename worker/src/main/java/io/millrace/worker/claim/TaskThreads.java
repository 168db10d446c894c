package io.millrace.worker.claim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for tasks: as many as there are tasks that run, since any of them may run for hours. What is handed over is begun soon, whatever the others
 * do, but only one thread is woken at a time, which wakes the next one on its way if there is still something to begin. So tasks that end in no time are
 * executed by few threads, and do not cost a change of threads each.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class TaskThreads implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskThreads.class);
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    /** Those that have nothing to do; the last one is called first. */
    private final Deque<Worker> resting = new ArrayDeque<>();

    private final Set<Worker> all = new HashSet<>();
    /** Whether a thread is on its way to the tasks. */
    private boolean called;

    private boolean closed;

    /**
     * Has a task begun as soon as a thread has come to it.
     *
     * @throws RejectedExecutionException when it is closed
     * @throws OutOfMemoryError when the system gives no further thread
     */
    @Override
    public void execute(Runnable task) {
        Worker next;
        synchronized (this) {
            if (closed) {
                throw new RejectedExecutionException("The worker has ended.");
            }
            next = callNext();
            tasks.addLast(task);
        }
        wake(next);
    }

    /** Interrupts all threads, and begins nothing more. */
    @Override
    public synchronized void close() {
        closed = true;
        tasks.clear();
        all.forEach(worker -> {
            worker.thread.interrupt();
            LockSupport.unpark(worker.thread);
        });
    }

    synchronized int count() {
        return all.size();
    }

    /** Has a thread come, unless one is on its way. @return the one that has to be woken for it */
    private @Nullable Worker callNext() {
        if (called) {
            return null;
        }
        Worker next = resting.pollLast();
        if (next == null) {
            Worker added = new Worker();
            added.thread.start();
            all.add(added);
        } else {
            next.isCalled = true;
            next.rests = false;
        }
        called = true;
        return next;
    }

    private static void wake(@Nullable Worker worker) {
        if (worker != null) {
            LockSupport.unpark(worker.thread);
        }
    }

    private final class Worker implements Runnable {
        private final Thread thread = Threads.daemon("task", this);
        private boolean isCalled = true;
        private boolean rests;

        @Override
        public void run() {
            try {
                for (Runnable task = take(); task != null; task = take()) {
                    task.run();
                }
            } finally {
                synchronized (TaskThreads.this) {
                    all.remove(this);
                }
            }
        }

        /** The next task; null when there was none for so long that the thread may end. */
        private @Nullable Runnable take() {
            long beganNanos = System.nanoTime();
            while (true) {
                Worker next = null;
                Runnable task;
                synchronized (TaskThreads.this) {
                    come();
                    task = tasks.pollFirst();
                    if (!tasks.isEmpty()) {
                        next = callNextIfPossible();
                    } else if (task == null) {
                        if (closed || System.nanoTime() - beganNanos >= KEEP_ALIVE_NANOS) {
                            return null;
                        }
                        rests = true;
                        resting.addLast(this);
                    }
                }
                wake(next);
                if (task != null) {
                    return task;
                }
                // What a task has left set would keep it from resting; closing wakes it in another way, too.
                Thread.interrupted();
                LockSupport.parkNanos(TaskThreads.this, KEEP_ALIVE_NANOS);
            }
        }

        /** It rests no more, whether it was called, or woke by itself. */
        private void come() {
            if (isCalled) {
                isCalled = false;
                called = false;
            } else if (rests) {
                rests = false;
                resting.remove(this);
            }
        }

        private @Nullable Worker callNextIfPossible() {
            try {
                return callNext();
            } catch (OutOfMemoryError e) {
                LOG.error("There is no further thread: {} tasks wait until one has ended", tasks.size(), e);
                return null;
            }
        }
    }
}

/*
 * A wall clock that is wrong by WRONG_CLOCK_SECONDS, for one process: LD_PRELOAD it. Only the time of day is changed; what a
 * process measures durations with goes on as it is. Points in time by which a thread waits are put right again, since the
 * kernel has the right time: otherwise a thread whose clock is slow would never sleep.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The monotonic clock counts from the machine's start: nothing later than this is a time of it. */
#define THIRTY_YEARS 946684800L

static long seconds_off(void) {
    static long seconds;
    static int known;
    if (!known) {
        const char *text = getenv("WRONG_CLOCK_SECONDS");
        seconds = text == NULL ? 0 : atol(text);
        known = 1;
    }
    return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int) syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += seconds_off();
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void) zone;
    struct timespec precise;
    int result = clock_gettime(CLOCK_REALTIME, &precise);
    if (result == 0) {
        now->tv_sec = precise.tv_sec;
        now->tv_usec = precise.tv_nsec / 1000;
    }
    return result;
}

time_t time(time_t *now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now != NULL) {
        *now = precise.tv_sec;
    }
    return precise.tv_sec;
}

int pthread_cond_timedwait(
        pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
    static int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (wait == NULL) {
        *(void **) &wait = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
        if (wait == NULL) {
            *(void **) &wait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
        }
    }
    struct timespec right = *until;
    if (right.tv_sec > THIRTY_YEARS) {
        right.tv_sec -= seconds_off();
    }
    return wait(condition, mutex, &right);
}

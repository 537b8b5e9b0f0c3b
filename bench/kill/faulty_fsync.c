/* Preloaded into a writer: every n-th fsync or fdatasync fails, as on a failing disk, while a file is there.

   FSYNC_FAILS_WHILE is that file, FSYNC_FAILS_EVERY is n. Failed ones are counted as bytes of FSYNC_FAILED. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int fails(void)
{
    static unsigned seed;
    const char *marker = getenv("FSYNC_FAILS_WHILE"), *every = getenv("FSYNC_FAILS_EVERY");
    const char *count = getenv("FSYNC_FAILED");
    int descriptor;

    if (!marker || !every || access(marker, F_OK))
        return 0;
    if (!seed)
        seed = (unsigned)getpid() ^ (unsigned)time(NULL);
    if (rand_r(&seed) % (unsigned)atoi(every))
        return 0;
    if (count && (descriptor = open(count, O_WRONLY | O_APPEND | O_CREAT, 0644)) >= 0) {
        if (write(descriptor, ".", 1) < 0) { /* it only counts */
        }
        close(descriptor);
    }
    errno = EIO;
    return 1;
}

int fsync(int descriptor)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails() ? -1 : real(descriptor);
}

int fdatasync(int descriptor)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return fails() ? -1 : real(descriptor);
}

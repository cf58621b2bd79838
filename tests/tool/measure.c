/*
 * measure - runs a command and tells what it took
 *
 * Usage: measure COMMAND [ARGUMENT...]
 * Prints "STATUS MICROSECONDS CPU-MICROSECONDS PEAK-KIB" on file descriptor 3. Peak memory is
 * counted from the process that a command is started from; this one is small, a script's
 * interpreter is not.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static long long micro(struct timeval t)
{
	return (long long)t.tv_sec * 1000000 + t.tv_usec;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	long long start = now();
	pid_t pid;

	if (argc < 2) {
		fputs("usage: measure COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	pid = fork();
	if (pid < 0) {
		perror("measure: fork");
		return 2;
	}
	if (pid == 0) {
		close(3);
		execv(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) != pid) {
		perror("measure: wait4");
		return 2;
	}
	dprintf(3, "%d %lld %lld %ld\n",
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), now() - start,
		micro(usage.ru_utime) + micro(usage.ru_stime), usage.ru_maxrss);
	return 0;
}

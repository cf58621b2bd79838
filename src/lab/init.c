/* init - life of the lab's process 1. */
#define _GNU_SOURCE
#include "lab/box.h"
#include "lab/files.h"
#include "lab/net.h"
#include "lab/root.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPORT_LINE = 4096 };

void lab_box_report(struct lab_box *box, enum lab_report kind, const char *fmt, ...)
{
	char line[REPORT_LINE];
	va_list ap;

	va_start(ap, fmt);
	int n = snprintf(line, sizeof line, "%c ", kind);
	int m = vsnprintf(line + n, sizeof line - (size_t)n, fmt, ap);
	va_end(ap);
	size_t used = (size_t)n + (m < 0 ? 0 : (size_t)m);
	if (used > sizeof line - 2) {
		used = sizeof line - 2;
	}
	for (size_t i = 0; i < used; i++) {
		if (line[i] == '\n') {
			line[i] = ' ';
		}
	}
	line[used++] = '\n';
	/* A parent that has gone ends this process by itself. */
	if (write(box->report, line, used) < 0) {
		_exit(1);
	}
}

void lab_box_supplied(struct lab_box *box, enum mp_lab_supplied_kind kind, const char *fmt, ...)
{
	char what[REPORT_LINE / 2];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	lab_box_report(box, LAB_REPORT_SUPPLIED, "%d %s", (int)kind, what);
}

void lab_box_log(struct lab_box *box, const char *text)
{
	struct stat st;

	/* A server that fills the log with warnings need not fill the memory. */
	if (fstat(box->log, &st) == 0 && st.st_size < 64 * 1024 * 1024) {
		dprintf(box->log, "%s\n", text);
	}
	if (box->mta->heard != NULL && box->own != NULL) {
		box->mta->heard(box, text);
	}
}

const struct lab_mta *lab_mta_of(enum mp_lab_mta mta)
{
	return mta == MP_LAB_SENDMAIL ? &lab_mta_sendmail : &lab_mta_postfix;
}

static _Noreturn void give_up(struct lab_box *box, const struct mp_err *err)
{
	lab_box_report(box, LAB_REPORT_ERROR, "%s", err->text);
	_exit(1);
}

static void parent_gone(struct lab_loop *loop, int fd, void *ctx)
{
	(void)loop;
	(void)fd;
	(void)ctx;
	_exit(0);
}

static int open_dir(const char *path, struct mp_err *err)
{
	if (path == NULL) {
		return -1;
	}
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		mp_err_set(err, MP_ERR_INPUT, "%s: %s", path, strerror(errno));
	}
	return fd;
}

/* Root, network, name, files: all that comes before the server's own programs. */
static int prepare(struct lab_box *box, int mta, int config, int *client_ns, struct mp_err *err)
{
	const struct mp_lab_plan *plan = box->plan;
	const struct lab_wire wire = {.server = plan->addresses,
		.server_count = plan->address_count,
		.client = plan->clients,
		.client_count = plan->client_count};

	if (sethostname(plan->hostname, strlen(plan->hostname)) < 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, "host name: %s", strerror(errno));
	}
	if (lab_net_make(&wire, client_ns, err) < 0 ||
		lab_root_enter(mta, box->config_path, err) < 0 ||
		lab_loop_init(&box->loop, err) < 0 || lab_serve_dns(box, err) < 0 ||
		lab_serve_log(box, "/dev/log", err) < 0) {
		return -1;
	}
	return lab_place_basics(box, config, err);
}

void lab_init(const struct mp_lab_plan *plan, int report, int log, int lifeline)
{
	struct lab_box box = {.plan = plan, .report = report, .log = log};
	struct mp_err err = {0};
	int client_ns = -1;

	box.mta = lab_mta_of(plan->mta);
	box.config_path = plan->config_path != NULL ? plan->config_path : box.mta->config_path;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "mtaproof-lab");
	setsid();
	umask(022);
	int mta = open_dir(plan->mta_root, &err), config = open_dir(plan->config_dir, &err);
	if (err.code != MP_ERR_NONE || chdir("/") < 0 ||
		prepare(&box, mta, config, &client_ns, &err) < 0) {
		give_up(&box, &err);
	}
	lab_loop_watch(&box.loop, lifeline, parent_gone, NULL);
	lab_box_report(&box, LAB_REPORT_CLIENT_NS, "%d", client_ns);
	box.program = lab_find_program(box.mta->programs);
	if (box.program == NULL) {
		mp_err_set(&err, MP_ERR_LIVE,
			"no %s on this machine (install it, or unpack its packages into a folder "
			"and name it with --mta-root)",
			box.mta->name);
		give_up(&box, &err);
	}
	box.mta->open(&box);
	if (box.mta->furnish(&box, &err) < 0 || box.mta->supply(&box, &err) < 0) {
		give_up(&box, &err);
	}
	lab_box_report(&box, box.mta->start(&box) ? LAB_REPORT_STARTED : LAB_REPORT_STOPPED, "-");
	(void)lab_loop_wait(&box.loop, 0);
	_exit(0);
}

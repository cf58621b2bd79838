/* start - finds and starts Postfix. */
#include "lab/postfix/postfix.h"

#include <stdio.h>
#include <unistd.h>

static const char *find_master(void)
{
	static const char *const dirs[] = {
		"/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix"};
	char path[64];

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		snprintf(path, sizeof path, "%s/master", dirs[i]);
		if (access(path, X_OK) == 0) {
			return dirs[i];
		}
	}
	return NULL;
}

static bool find(struct lab_box *box)
{
	struct lab_postfix *p = mp_alloc(sizeof *p);

	p->daemon_dir = find_master();
	box->own = p;
	return p->daemon_dir != NULL;
}

/* master -w comes back when it listens, or cannot. */
static bool start(struct lab_box *box)
{
	char path[64];
	const char *const argv[] = {path, "-w", "-c", box->config_path, NULL};

	snprintf(path, sizeof path, "%s/master", lab_postfix(box)->daemon_dir);
	return lab_loop_run(&box->loop, argv, NULL) == 0;
}

const struct lab_mta lab_mta_postfix = {
	.name = "Postfix",
	.config_path = "/etc/postfix",
	.find = find,
	.furnish = lab_postfix_furnish,
	.supply = lab_postfix_supply,
	.start = start,
};

/* start - finds and starts Postfix. */
#include "lab/postfix/postfix.h"

#include <string.h>

static const char *const programs[] = {"/usr/lib/postfix/sbin/master",
	"/usr/libexec/postfix/master", "/usr/lib/postfix/master", NULL};

static void open_box(struct lab_box *box)
{
	struct lab_postfix *p = mp_alloc(sizeof *p);

	p->daemon_dir = mp_memdup(box->program, strlen(box->program) - strlen("/master"));
	box->own = p;
}

/* master -w comes back when it listens, or cannot. */
static bool start(struct lab_box *box)
{
	const char *const argv[] = {box->program, "-w", "-c", box->config_path, NULL};

	return lab_loop_run(&box->loop, argv, NULL) == 0;
}

const struct lab_mta lab_mta_postfix = {
	.name = "Postfix",
	.config_path = "/etc/postfix",
	.programs = programs,
	.open = open_box,
	.furnish = lab_postfix_furnish,
	.supply = lab_postfix_supply,
	.start = start,
};

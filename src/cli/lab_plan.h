/*
 * lab_plan - from CONFIG and completed facts to what the lab is to boot.
 */
#ifndef MP_CLI_LAB_PLAN_H
#define MP_CLI_LAB_PLAN_H

#include "cli/load.h"
#include "lab/lab.h"

/* A plan with what its members live in. */
struct lab_planned {
	struct mp_lab_plan plan;
	struct mp_arena arena;
	struct mp_loaded loaded; /* of sendmail: what its .mc becomes, and what that names */
	struct mp_lab_file *files; /* those of the plan, and for how many there is room */
	size_t file_room;
};

/* Plans the server of CONFIG: its folder as it is, --overlay files in place of theirs, and for a
 * sendmail.mc the sendmail.cf that m4 makes of it. Its programs are those of mta_root; where that
 * is NULL the installed ones, else those beside this program (build/mta/postfix next to
 * build/mtaproof); load gets the cf library that comes with them, unless it names one. The facts
 * are complete (cli/lab_facts.h); they are borrowed until the plan is released, and for sendmail
 * they get what it needs to know of the lab's system. -1 with err where CONFIG is none that can be
 * booted; release it in any case. */
int lab_plan_make(struct lab_planned *planned, const char *config, struct mp_load_options *load,
	const char *mta_root, struct mp_facts *facts, struct mp_err *err);
/* Sets the clients' addresses: these, and one of each family that is not among them. */
void lab_plan_clients(struct lab_planned *planned, const struct mp_ip *clients, size_t n);
void lab_plan_release(struct lab_planned *planned);

#endif

/* postscreen_internal - shared by postscreen.c and postscreen_smtp.c. */
#ifndef PF_SCREEN_POSTSCREEN_INTERNAL_H
#define PF_SCREEN_POSTSCREEN_INTERNAL_H

#include "postfix/lookup/list.h"
#include "postfix/screen/postscreen.h"

struct pf_screen {
	struct pf_engine *engine;
	const struct pf_service *service;
	struct pf_settings *settings;
	struct pf_list *networks; /* made when first needed */
};

/* The engine for one client; rcpt_reply is what every RCPT gets, and why. */
struct pf_dummy *pf_dummy_new(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, const char *rcpt_reply, struct mp_reasons because);
struct mp_sim_reply pf_dummy_greeting(struct pf_dummy *dummy, bool teased);

#endif

/*
 * lab_facts - the facts of a lab: what the user said, gaps filled, and the plan made from them.
 *
 * In the lab everything outside the configuration is ours, so nothing stays open: the completed
 * facts are served to the real server, and handed to the prediction.
 */
#ifndef MP_CLI_LAB_FACTS_H
#define MP_CLI_LAB_FACTS_H

#include "lab/lab.h"
#include "world/facts.h"

#include <stdio.h>

/* Fills what the facts leave open: host name mail.example.org, addresses 192.0.2.10/24,
 * 2001:db8:2::10/64 and loopback, users root, alice and bob, mechanisms PLAIN and LOGIN without
 * logins, records of the host's own name and of localhost; any other name does not exist. */
void lab_facts_complete(struct mp_facts *facts);
/* Says that the lab runs on Linux, where the facts name no distribution. */
void lab_facts_linux(struct mp_facts *facts);
/* The plan's members that follow from completed facts; lists are made in the arena. */
void lab_facts_plan(const struct mp_facts *facts, struct mp_arena *arena, struct mp_lab_plan *plan);
/* What the booted lab adds: the version, the accounts, what was supplied. */
void lab_facts_booted(struct mp_facts *facts, const struct mp_lab *lab);
/* Writes the facts as JSON (design 4.1). */
void lab_facts_write(const struct mp_facts *facts, FILE *out);

#endif

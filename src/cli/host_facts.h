/* host_facts - the facts of the machine that we run on (--facts auto). */
#ifndef MP_CLI_HOST_FACTS_H
#define MP_CLI_HOST_FACTS_H

#include "world/facts.h"

/* Adds host name, interface addresses, local accounts and the distribution of this machine, as far
 * as its files and interfaces tell; what cannot be found out stays a question. */
void mp_host_facts(struct mp_facts *facts);

#endif

/* sasl - the table of mechanisms. */
#include "sasl/sasl.h"

#include "base/slice.h"
#include "sasl/mechanisms.h"

static const struct mp_auth_mechanism *const all[] = {&mp_sasl_plain, &mp_sasl_login};

const struct mp_auth_mechanism *const *mp_sasl_mechanisms(size_t *n)
{
	*n = sizeof all / sizeof all[0];
	return all;
}

const struct mp_auth_mechanism *mp_sasl_find(const char *name)
{
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (mp_str_ieq(all[i]->name, name)) {
			return all[i];
		}
	}
	return NULL;
}

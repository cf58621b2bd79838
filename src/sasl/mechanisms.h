/* mechanisms - those that sasl/ has, for its own table. */
#ifndef MP_SASL_MECHANISMS_H
#define MP_SASL_MECHANISMS_H

#include "smtp/auth.h"

extern const struct mp_auth_mechanism mp_sasl_plain, mp_sasl_login;

#endif

/* cert - a key and a self-signed certificate for the lab, made at run time. */
#ifndef MP_LAB_CERT_H
#define MP_LAB_CERT_H

#include "base/err.h"

/* An EC P-256 key and a certificate for the name (CN and DNS alternative name), valid from
 * yesterday for ten years, both as PEM: key first. Owned by the caller: free(). NULL with err. */
char *lab_cert_make(const char *name, struct mp_err *err);

#endif

/*
 * dns - answers DNS queries from the plan's records (RFC 1035, RFC 3596).
 *
 * A name with any record exists and its other types are empty; a name without does not exist. A
 * name below which other names lie exists (RFC 8020).
 */
#ifndef MP_LAB_DNS_H
#define MP_LAB_DNS_H

#include "lab/lab.h"

#include <stdint.h>

enum { LAB_DNS_MESSAGE = 4096, LAB_DNS_NAME = 255 };

/* Writes the response to the query (n bytes) into out; its length, or 0 where the query is not one
 * that has an answer. */
size_t lab_dns_answer(const struct mp_lab_dns *records, size_t count, const uint8_t *query,
	size_t n, uint8_t out[LAB_DNS_MESSAGE]);

#endif

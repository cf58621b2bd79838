/* prediction_table - the outcomes at one listener as a table of scenarios and clients. */
#ifndef MP_REPORT_PREDICTION_TABLE_H
#define MP_REPORT_PREDICTION_TABLE_H

#include "result/prediction.h"

#include <stdio.h>

/* The n outcomes are all of one listener, those of one client together. Of each group one line says
 * what most of its scenarios come to; the scenarios that come to something else, or all of them
 * where that is wanted, follow. Clients who get the same answers share a column. */
void mp_prediction_table(
	FILE *out, bool color, const struct mp_predicted *outcomes, size_t n, bool all);

#endif

/*
 * assumptions_text - what a prediction rests on, in a text report.
 */
#ifndef MP_REPORT_ASSUMPTIONS_TEXT_H
#define MP_REPORT_ASSUMPTIONS_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* A line for each, behind `first` and then `next` ("    if ", "   and "). Keys that one table does
 * not have share a line. */
void mp_assumptions_text(
	FILE *out, const char *first, const char *next, const char *const *assumptions, size_t n);

#endif

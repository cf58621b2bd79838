/*
 * ascii - character classes of ASCII, whatever the locale.
 *
 * They take a char as it comes, so that a byte above 127 is no trap.
 */
#ifndef MP_BASE_ASCII_H
#define MP_BASE_ASCII_H

#include <stdbool.h>

static inline bool mp_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool mp_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool mp_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool mp_is_alpha(char c)
{
	return mp_is_upper(c) || mp_is_lower(c);
}

static inline bool mp_is_alnum(char c)
{
	return mp_is_alpha(c) || mp_is_digit(c);
}

/* What isspace() says in the C locale: blank, TAB, LF, VT, FF, CR. */
static inline bool mp_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A printable ASCII character, blank included. */
static inline bool mp_is_print(char c)
{
	return c >= ' ' && c <= '~';
}

static inline bool mp_is_ascii(char c)
{
	return (unsigned char)c < 128;
}

static inline char mp_to_lower(char c)
{
	return mp_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static inline char mp_to_upper(char c)
{
	return mp_is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

/* The value of a hexadecimal digit, or -1. */
static inline int mp_hex_value(char c)
{
	if (mp_is_digit(c)) {
		return c - '0';
	}
	char l = mp_to_lower(c);
	return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

#endif

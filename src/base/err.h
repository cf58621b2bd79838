/*
 * err - an operational error: what the program could not do, and why.
 *
 * Functions that can fail return 0 or -1 and fill the error on failure; on success they leave it
 * untouched. It is printed once, in cli. Trouble with the user's configuration is not an error
 * but a finding (diag/finding.h); a broken promise of our own is MP_BUG (base/alloc.h).
 */
#ifndef MP_BASE_ERR_H
#define MP_BASE_ERR_H

/* The code decides the exit status (design, section 3). */
enum mp_err_code {
	MP_ERR_NONE,
	MP_ERR_USAGE, /* the call's words are wrong: exit 2 */
	MP_ERR_INPUT, /* input cannot be obtained or decoded: exit 3 */
	MP_ERR_LIVE, /* the live side could not be checked: exit 4 */
	MP_ERR_SYSTEM /* the machine refuses (permissions, descriptors, ...): exit 3 */
};

struct mp_err {
	enum mp_err_code code;
	char text[1024];
};

/* Sets code and text (cut to the size); always returns -1, so that callers can return it. err may
 * be NULL. */
int mp_err_set(struct mp_err *err, enum mp_err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts "text: " before what is there, as the error travels up; always returns -1. */
int mp_err_wrap(struct mp_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif

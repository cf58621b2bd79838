/* recognise - what a file is, from its name and from what it says. */
#ifndef MP_INPUT_RECOGNISE_H
#define MP_INPUT_RECOGNISE_H

#include "base/slice.h"
#include "input/input.h"

/* A kind of configuration, or -1. By name: "main.cf", "postfix-main.cf", "main.cf.proto",
 * "sendmail.mc", "sendmail.mc.org", "sendmail.cf", "submit.cf"; without folder. */
int mp_recognise_name(const char *base);
/* By content: sendmail.cf by its version or mailer lines, .mc by its m4 macros, main.cf by
 * parameters of Postfix. */
int mp_recognise_text(struct mp_slice text);

/* Whether the bytes are no text at all: NULs, and every twentieth byte or more a control. */
bool mp_recognise_binary(struct mp_slice bytes);

/* Whether the text is a template to be filled in (Jinja, ERB, EPP, Go): *mark is what was found
 * ("{{"), *line its line from 1. Comments do not count, nor do the braces of Postfix' own syntax
 * ("${{a} == {b}?..}", "pcre:{{/x/ OK}}"). */
bool mp_recognise_template(struct mp_slice text, const char **mark, unsigned *line);

#endif

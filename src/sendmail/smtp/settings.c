/* settings - the options that the SMTP server follows. */
#include "sendmail/smtp/settings.h"

#include "base/ascii.h"
#include "sendmail/cf/read.h"
#include "sendmail/smtp/privacy.h"

#include <stdlib.h>

const char *sm_option_value(const struct sm_cf *cf, const char *name, struct mp_arena *arena)
{
	const struct sm_option *o = sm_cf_option(cf, name);

	return o == NULL ? ""
			 : sm_text_bytes(sm_expand(o->text, &cf->macros, arena), cf->names, arena);
}

/* Takes what follows the first comma off; NULL where there is none. */
static const char *cut(char *text)
{
	char *comma = strchr(text, ',');

	if (comma == NULL) {
		return NULL;
	}
	*comma = '\0';
	return comma + 1;
}

struct sm_key_pairs sm_key_pairs(const struct sm_cf *cf, struct mp_arena *arena)
{
	char *certificate = mp_arena_strdup(arena, sm_option_value(cf, "ServerCertFile", arena));
	char *key = mp_arena_strdup(arena, sm_option_value(cf, "ServerKeyFile", arena));
	struct sm_key_pairs p = {{certificate, cut(certificate)}, {key, NULL}};

	/* Keys are parted only where certificates are. */
	p.key[1] = p.certificate[1] != NULL ? cut(key) : NULL;
	return p;
}

static bool is_set(const struct sm_cf *cf, const char *name, bool fallback)
{
	const struct sm_option *o = sm_cf_option(cf, name);

	return o == NULL ? fallback : sm_option_is_true(o);
}

static long number(const struct sm_cf *cf, const char *name, long fallback)
{
	const struct sm_option *o = sm_cf_option(cf, name);

	return o == NULL ? fallback : strtol(o->value, NULL, 10);
}

/* A span of time in seconds: "2h30m", or a bare number in the unit that is usual for the option. */
static long seconds(const char *text, char unit)
{
	long total = 0;
	const char *p = text;

	while (mp_is_digit(*p)) {
		char *end;
		long n = strtol(p, &end, 10);
		char u = mp_is_alpha(*end) ? mp_to_lower(*end) : unit;

		total += n *
			(u == 'w'                  ? 604800
					: u == 'd' ? 86400
					: u == 'h' ? 3600
					: u == 'm' ? 60
						   : 1);
		p = mp_is_alpha(*end) ? end + 1 : end;
	}
	return total;
}

static long deliver_by(const struct sm_cf *cf)
{
	const struct sm_option *o = sm_cf_option(cf, "DeliverByMin");

	if (o == NULL || o->value[0] == '\0') {
		return 0;
	}
	return o->value[0] == '-' ? -1 : seconds(o->value, 's');
}

/* Options that are letters, and what each stands for. */
struct letters {
	const char *option, *known;
	const unsigned *bits;
	const char *parting; /* pieces that are ignored without a word */
	const char *rule;
	const char *fix;
};

/* Of each piece between commas and blanks only the first letter counts. One comma or blank parts
 * two pieces: what follows "comma blank" is a piece that begins with the blank. */
static unsigned read_letters(struct sm_cf *cf, const struct letters *l)
{
	const struct sm_option *o = sm_cf_option(cf, l->option);
	unsigned found = 0;

	for (const char *p = o != NULL ? o->value : ""; *p != '\0';) {
		const char *at = strchr(l->known, *p);

		if (at != NULL) {
			found |= l->bits[at - l->known];
		} else if (strchr(l->parting, *p) == NULL) {
			mp_finding_add(cf->findings, MP_WARNING, l->rule, o->loc, l->fix,
				"%s has no option \"%c\": it is ignored", l->option, *p);
		}
		p++;
		p += strcspn(p, ", \t");
		p += *p != '\0';
	}
	return found;
}

static unsigned auth_options(struct sm_cf *cf)
{
	static const unsigned bits[] = {SM_AUTH_IF_AUTHENTICATED, SM_AUTH_NOACTIVE,
		SM_AUTH_PASSCRED, SM_AUTH_NODICTIONARY, SM_AUTH_FORWARD_SECRECY, SM_AUTH_MUTUAL,
		SM_AUTH_NOPLAINTEXT, SM_AUTH_NOANONYMOUS, 0};

	return read_letters(cf,
		&(struct letters){
			.option = "AuthOptions",
			.known = "AacdfmpyV",
			.bits = bits,
			.parting = "",
			.rule = "cf/auth-option",
			.fix = "write single letters, parted by single blanks: A p y",
		});
}

static bool is_given(const struct sm_cf *cf, const char *name)
{
	const struct sm_option *o = sm_cf_option(cf, name);

	return o != NULL && o->value[0] != '\0';
}

static unsigned tls_options(struct sm_cf *cf)
{
	static const unsigned bits[] = {SM_TLS_NO_CERTIFICATE, SM_TLS_NO_VERIFICATION};
	unsigned found = read_letters(cf,
		&(struct letters){
			.option = "TLSSrvOptions",
			.known = "CV",
			.bits = bits,
			.parting = ", \t",
			.rule = "cf/tls-option",
			.fix = "write V, C, or both, parted by a blank",
		});

	if ((found & SM_TLS_NO_CERTIFICATE) != 0 && !is_given(cf, "CipherList") &&
		!(is_given(cf, "ServerCertFile") && is_given(cf, "ServerKeyFile"))) {
		mp_finding_add(cf->findings, MP_WARNING, "cf/tls-breaks",
			sm_cf_option(cf, "TLSSrvOptions")->loc,
			"name a certificate and its key (confSERVER_CERT, confSERVER_KEY), or take "
			"C out",
			"STARTTLS is offered without %s: TLS breaks for every client",
			is_given(cf, "ServerCertFile") ? "a key" : "a certificate");
	}
	return found;
}

static sm_unit macro_name(struct sm_cf *cf, const char *name)
{
	return (sm_unit)(SM_NAME + sm_names_id(cf->names, mp_slice_str(name)));
}

/* Without the option: "$j Sendmail $v ready at $b". */
static struct sm_text greeting(struct sm_cf *cf)
{
	static const char *const words[] = {"j", " Sendmail ", "v", " ready at ", "b"};
	const struct sm_option *o = sm_cf_option(cf, "SmtpGreetingMessage");
	sm_unit *out;
	size_t n = 0;

	if (o != NULL) {
		return sm_text_munched(o->text, cf->arena);
	}
	out = mp_arena_array(cf->arena, 64, sizeof *out);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (i % 2 == 0) {
			out[n++] = SM_SYM_MACRO;
			out[n++] = macro_name(cf, words[i]);
			continue;
		}
		for (const char *p = words[i]; *p != '\0'; p++) {
			out[n++] = (unsigned char)*p;
		}
	}
	return (struct sm_text){out, n};
}

/* EightBitMode: whether it is strict. */
static bool is_strict(struct sm_cf *cf)
{
	const struct sm_option *o = sm_cf_option(cf, "EightBitMode");

	if (o != NULL && (o->value[0] == '\0' || strchr("mps", o->value[0]) == NULL)) {
		sm_cf_refuse(cf, o->loc, "cf/eight-bit-mode", "write mimify, pass8 or strict",
			"Unknown 8-bit mode %.1s", o->value);
	}
	return o != NULL && o->value[0] == 's';
}

static char delivery(struct sm_cf *cf)
{
	const struct sm_option *o = sm_cf_option(cf, "DeliveryMode");

	if (o == NULL || o->value[0] == '\0') {
		return 'b';
	}
	if (strchr(SM_DELIVERY_MODES, o->value[0]) == NULL) {
		sm_cf_refuse(cf, o->loc, "cf/delivery-mode",
			"write background, interactive, queue or deferred",
			"Unknown delivery mode %c", o->value[0]);
		return 'b';
	}
	return o->value[0];
}

struct sm_settings sm_settings_read(struct sm_cf *cf)
{
	return (struct sm_settings){
		.privacy = sm_privacy_read(cf),
		.auth_options = auth_options(cf),
		.seven_bits = is_set(cf, "SevenBitInput", false),
		.strict_bits = is_strict(cf),
		.soft_bounce = is_set(cf, "SoftBounce", false),
		.bogus_helo = is_set(cf, "AllowBogusHELO", false),
		.mime_errors = is_set(cf, "SendMimeErrors", true),
		.utf8 = is_set(cf, "SmtpUTF8", false),
		.size_max = number(cf, "MaxMessageSize", 0),
		.recipients_max = number(cf, "MaxRecipientsPerMessage", 0),
		.headers_max = number(cf, "MaxHeadersLength", 32768),
		.save_from = is_set(cf, "SaveFromLine", false),
		.alias_depth = number(cf, "MaxAliasRecursion", 10),
		.deliver_by = deliver_by(cf),
		.noop_max = number(cf, "MaxNOOPCommands", 20),
		.children_max = number(cf, "MaxDaemonChildren", 0),
		.delivery = delivery(cf),
		.greeting = greeting(cf),
		.tls_options = tls_options(cf),
		.bad_throttle = number(cf, "BadRcptThrottle", 0),
		.bad_shutdown = number(cf, "BadRcptShutdown", 0),
		.bad_percent = number(cf, "BadRcptShutdownGood", 0),
	};
}

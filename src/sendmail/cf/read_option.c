/*
 * read_option - O lines: "O Name=value", and the one-letter form "Oxvalue".
 *
 * Values are kept as written; what they mean is for who uses them. Only what the reader itself
 * needs is looked at: the characters of tokens.
 */
#include "base/ascii.h"
#include "sendmail/cf/read.h"

/* Names of the Operations Guide 5.6, with the letters that older files use; in sendmail's order,
 * which decides what it names where a beginning could mean several. */
static const struct {
	const char *name;
	char letter;
} options[] = {
	{"SevenBitInput", '7'},
	{"EightBitMode", '8'},
	{"AliasFile", 'A'},
	{"AliasWait", 'a'},
	{"BlankSub", 'B'},
	{"MinFreeBlocks", 'b'},
	{"CheckpointInterval", 'C'},
	{"HoldExpensive", 'c'},
	{"DeliveryMode", 'd'},
	{"ErrorHeader", 'E'},
	{"ErrorMode", 'e'},
	{"TempFileMode", 'F'},
	{"SaveFromLine", 'f'},
	{"MatchGECOS", 'G'},
	{"HelpFile", 'H'},
	{"MaxHopCount", 'h'},
	{"ResolverOptions", 'I'},
	{"IgnoreDots", 'i'},
	{"ForwardPath", 'J'},
	{"SendMimeErrors", 'j'},
	{"ConnectionCacheSize", 'k'},
	{"ConnectionCacheTimeout", 'K'},
	{"UseErrorsTo", 'l'},
	{"LogLevel", 'L'},
	{"MeToo", 'm'},
	{"CheckAliases", 'n'},
	{"OldStyleHeaders", 'o'},
	{"DaemonPortOptions", 'O'},
	{"PrivacyOptions", 'p'},
	{"PostmasterCopy", 'P'},
	{"QueueFactor", 'q'},
	{"QueueDirectory", 'Q'},
	{"DontPruneRoutes", 'R'},
	{"StatusFile", 'S'},
	{"SuperSafe", 's'},
	{"QueueTimeout", 'T'},
	{"TimeZoneSpec", 't'},
	{"UserDatabaseSpec", 'U'},
	{"DefaultUser", 'u'},
	{"FallbackMXhost", 'V'},
	{"Verbose", 'v'},
	{"TryNullMXList", 'w'},
	{"QueueLA", 'x'},
	{"RefuseLA", 'X'},
	{"RecipientFactor", 'y'},
	{"ForkEachJob", 'Y'},
	{"ClassFactor", 'z'},
	{"RetryFactor", 'Z'},
	{"QueueSortOrder", 0},
	{"HostsFile", 0},
	{"MinQueueAge", 0},
	{"DefaultCharSet", 0},
	{"ServiceSwitchFile", 0},
	{"DialDelay", 0},
	{"NoRecipientAction", 0},
	{"SafeFileEnvironment", 0},
	{"Timeout", 'r'},
	{"MaxMessageSize", 0},
	{"ColonOkInAddr", 0},
	{"MaxQueueRunSize", 0},
	{"MaxDaemonChildren", 0},
	{"DontExpandCnames", 0},
	{"MustQuoteChars", 0},
	{"SmtpGreetingMessage", 0},
	{"UnixFromLine", 0},
	{"OperatorChars", 0},
	{"DontInitGroups", 0},
	{"SingleLineFromHeader", 0},
	{"AllowBogusHELO", 0},
	{"ConnectionRateThrottle", 0},
	{"UnsafeGroupWrites", 0},
	{"DoubleBounceAddress", 0},
	{"HostStatusDirectory", 0},
	{"SingleThreadDelivery", 0},
	{"RunAsUser", 0},
	{"RrtImpliesDsn", 0},
	{"PidFile", 0},
	{"DontBlameSendmail", 0},
	{"DontProbeInterfaces", 0},
	{"MaxRecipientsPerMessage", 0},
	{"DeadLetterDrop", 0},
	{"MaxAliasRecursion", 0},
	{"ConnectOnlyTo", 0},
	{"TrustedUser", 0},
	{"MaxMimeHeaderLength", 0},
	{"ControlSocketName", 0},
	{"MaxHeadersLength", 0},
	{"ProcessTitlePrefix", 0},
	{"DefaultAuthInfo", 0},
	{"AuthMechanisms", 0},
	{"ClientPortOptions", 0},
	{"DataFileBufferSize", 0},
	{"XscriptFileBufferSize", 0},
	{"ServerCertFile", 0},
	{"ServerKeyFile", 0},
	{"ClientCertFile", 0},
	{"ClientKeyFile", 0},
	{"CACertFile", 0},
	{"CACertPath", 0},
	{"DHParameters", 0},
	{"InputMailFilters", 0},
	{"AuthOptions", 0},
	{"QueueFileMode", 0},
	{"CertFingerprintAlgorithm", 0},
	{"CipherList", 0},
	{"RandFile", 0},
	{"TLSSrvOptions", 0},
	{"BadRcptThrottle", 0},
	{"DeliverByMin", 0},
	{"MaxQueueChildren", 0},
	{"MaxRunnersPerQueue", 0},
	{"DirectSubmissionModifiers", 0},
	{"NiceQueueRun", 0},
	{"SharedMemoryKey", 0},
	{"AuthMaxBits", 0},
	{"MailboxDatabase", 0},
	{"UseMSP", 0},
	{"DelayLA", 0},
	{"FastSplit", 0},
	{"SoftBounce", 0},
	{"SharedMemoryKeyFile", 0},
	{"RejectLogInterval", 0},
	{"RequiresDirfsync", 0},
	{"ConnectionRateWindowSize", 0},
	{"CRLFile", 0},
	{"FallbackSmartHost", 0},
	{"AuthRealm", 0},
	{"CRLPath", 0},
	{"HeloName", 0},
	{"MaxNOOPCommands", 0},
	{"BadRcptShutdown", 0},
	{"BadRcptShutdownGood", 0},
	{"ServerSSLOptions", 0},
	{"ClientSSLOptions", 0},
	{"MaxQueueAge", 0},
	{"RejectNUL", 0},
	{"UseCompressedIPv6Addresses", 0},
	{"SSLEngine", 0},
	{"SSLEnginePath", 0},
	{"TLSFallbacktoClear", 0},
	{"SetCertAltnames", 0},
	{"SmtpUTF8", 0},
	{"StrictTransportSecurity", 0},
	{"CipherSuites", 0},
	{"DANE", 0},
	{"LDAPDefaultSpec", 0},
	{"Milter", 0},
};

enum { OPTIONS = sizeof options / sizeof *options };

/* The name that a name or an unambiguous beginning of one stands for; NULL and a refusal. */
static const char *long_name(struct sm_cf *cf, struct mp_slice name, struct mp_loc loc)
{
	const char *found = NULL;

	for (size_t i = 0; i < OPTIONS; i++) {
		struct mp_slice known = mp_slice_str(options[i].name);

		if (!mp_slice_ieq(mp_slice_sub(known, 0, name.n), name)) {
			continue;
		}
		if (known.n == name.n) {
			return options[i].name;
		}
		if (found != NULL) {
			sm_cf_refuse(cf, loc, "cf/option-unknown", "write the whole name",
				"readcf: ambiguous option name %.*s (matches %s and %s)",
				MP_SLICE_ARG(name), found, options[i].name);
			return NULL;
		}
		found = options[i].name;
	}
	if (found == NULL) {
		sm_cf_refuse(cf, loc, "cf/option-unknown",
			"see the Operations Guide 5.6 for the names of options",
			"readcf: unknown option name %.*s",
			MP_SLICE_ARG(mp_slice_sub(name, 0, 80)));
	}
	return found;
}

static const char *letter_name(struct sm_cf *cf, char letter, struct mp_loc loc)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		if (options[i].letter == letter) {
			return options[i].name;
		}
	}
	sm_cf_refuse(cf, loc, "cf/option-unknown", "use the long form: O Name=value",
		"readcf: unknown option name 0x%x", (unsigned char)letter);
	return NULL;
}

/* A value without quotes and escapes. */
static const char *plain(struct sm_cf *cf, const char *value)
{
	struct sm_text text = sm_text_of(mp_slice_str(value), cf->arena);

	return sm_text_bytes(sm_text_munched(text, cf->arena), cf->names, cf->arena);
}

static void apply(struct sm_cf *cf, const struct sm_option *o)
{
	if (mp_str_eq(o->name, "OperatorChars")) {
		if (cf->chars_made) {
			mp_finding_add(cf->findings, MP_WARNING, "cf/operators-late", o->loc,
				"put rules behind LOCAL_RULESETS or into the places made for them, "
				"not before the options",
				"OperatorChars is set after the first ruleset, too late: the whole "
				"configuration splits addresses at %s only",
				cf->operators != NULL ? cf->operators : ".:@[]");
		}
		cf->operators = plain(cf, o->value);
	} else if (mp_str_eq(o->name, "BlankSub")) {
		cf->blank = o->value[0] != '\0' ? plain(cf, o->value)[0] : ' ';
	}
}

/* The name in "O Name=value", with its part where it has one: "Timeout.ident". NULL and a refusal.
 */
static const char *read_name(struct sm_cf *cf, struct mp_slice name, struct mp_loc loc)
{
	size_t dot = mp_slice_chr(name, '.');
	const char *known;

	if (name.n == 0) {
		sm_cf_refuse(cf, loc, "cf/option-unknown", "name the option",
			"readcf: null option name");
		return NULL;
	}
	known = long_name(cf, mp_slice_sub(name, 0, dot), loc);
	return known == NULL || dot == MP_NOT_FOUND
		? known
		: mp_arena_printf(
			  cf->arena, "%s%.*s", known, MP_SLICE_ARG(mp_slice_from(name, dot)));
}

static const char *bytes(struct sm_cf *cf, struct sm_text text, size_t from, size_t to)
{
	return sm_text_bytes((struct sm_text){text.p + from, to - from}, cf->names, cf->arena);
}

void sm_read_option(struct sm_cf *cf, const struct sm_line *line)
{
	struct sm_text t = {line->text.p + 1, line->text.n - 1};
	struct sm_option o = {.loc = line->loc};
	size_t value = 1;

	if (t.n == 0 || t.p[0] != ' ') {
		o.name = letter_name(cf, t.n > 0 ? bytes(cf, t, 0, 1)[0] : ' ', line->loc);
	} else {
		while (value < t.n && t.p[value] != '=') {
			value++;
		}
		o.name = read_name(
			cf, mp_slice_trim(mp_slice_str(bytes(cf, t, 1, value))), line->loc);
		value += value < t.n;
		while (value < t.n && t.p[value] == ' ') {
			value++;
		}
	}
	if (o.name == NULL) {
		return;
	}
	o.value = bytes(cf, t, value, t.n);
	o.text = (struct sm_text){t.p + value, t.n - value};
	mp_vec_push(&cf->options, o);
	apply(cf, &o);
}

bool sm_option_is_true(const struct sm_option *option)
{
	return strchr("fFnN", option->value[0]) == NULL || option->value[0] == '\0';
}

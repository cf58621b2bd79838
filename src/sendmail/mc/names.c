/*
 * names - tables of words.
 *
 * Names of FEATUREs and of variables are those of all versions since 8.12, so that one that a
 * version lacks is told from one that is misspelt.
 */
#include "sendmail/mc/names.h"

#include "base/edits.h"

#include <stdlib.h>

enum { COUNT_OF_NEAR = 2 /* so many letters may be wrong */ };

static const struct sm_name names[] = {
	{"CANONIFY_DOMAIN", SM_NAME_MACRO, 1, ""},
	{"CANONIFY_DOMAIN_FILE", SM_NAME_MACRO, 1, ""},
	{"CLIENT_OPTIONS", SM_NAME_MACRO, 1, ""},
	{"CONCAT", SM_NAME_MACRO, 0, "$1$2$3$4$5$6$7"},
	{"DAEMON_OPTIONS", SM_NAME_MACRO, 1, ""},
	{"DOL", SM_NAME_MACRO, 1, "``$'$1'"},
	{"DOMAIN", SM_NAME_MACRO, 2, ""},
	{"EXPOSED_USER", SM_NAME_MACRO, 1, ""},
	{"EXPOSED_USER_FILE", SM_NAME_MACRO, 1, ""},
	{"FEATURE", SM_NAME_MACRO, 0, ""},
	{"GENERICS_DOMAIN", SM_NAME_MACRO, 1, ""},
	{"GENERICS_DOMAIN_FILE", SM_NAME_MACRO, 1, ""},
	{"HACK", SM_NAME_MACRO, 0, ""},
	{"INPUT_MAIL_FILTER", SM_NAME_MACRO, 2, ""},
	{"LDAPROUTE_DOMAIN", SM_NAME_MACRO, 1, ""},
	{"LDAPROUTE_DOMAIN_FILE", SM_NAME_MACRO, 1, ""},
	{"LDAPROUTE_EQUIVALENT", SM_NAME_MACRO, 1, ""},
	{"LDAPROUTE_EQUIVALENT_FILE", SM_NAME_MACRO, 1, ""},
	{"LOCAL_CLT_FEATURES", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_CONFIG", SM_NAME_SECTION, 0, "divert(6)"},
	{"LOCAL_DNSBL", SM_NAME_SECTION, 0, "divert(8)"},
	{"LOCAL_DOMAIN", SM_NAME_MACRO, 1, ""},
	{"LOCAL_NET_CONFIG", SM_NAME_SECTION, 0, "divert(1)"},
	{"LOCAL_RULESETS", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_RULE_0", SM_NAME_SECTION, 0, "divert(3)"},
	{"LOCAL_RULE_1", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_RULE_2", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_RULE_3", SM_NAME_SECTION, 0, "divert(2)"},
	{"LOCAL_SRV_FEATURES", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_TLS_CLIENT", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_TLS_RCPT", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_TLS_SERVER", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_TRY_TLS", SM_NAME_SECTION, 0, "divert(9)"},
	{"LOCAL_USER", SM_NAME_MACRO, 1, ""},
	{"LOCAL_USER_FILE", SM_NAME_MACRO, 1, ""},
	{"LOCAL_UUCP", SM_NAME_SECTION, 0, "divert(4)"},
	{"MAILER", SM_NAME_MACRO, 2, "define(`_MAILER_DEFINED_', `1')"},
	{"MAILER_DEFINITIONS", SM_NAME_SECTION, 0, "divert(7)"},
	{"MAIL_FILTER", SM_NAME_MACRO, 2, ""},
	{"MASQUERADE_AS", SM_NAME_MACRO, 1, ""},
	{"MASQUERADE_DOMAIN", SM_NAME_MACRO, 1, ""},
	{"MASQUERADE_DOMAIN_FILE", SM_NAME_MACRO, 1, ""},
	{"MASQUERADE_EXCEPTION", SM_NAME_MACRO, 1, ""},
	{"MASQUERADE_EXCEPTION_FILE", SM_NAME_MACRO, 1, ""},
	{"MODIFY_MAILER_FLAGS", SM_NAME_MACRO, 2, ""},
	{"OSTYPE", SM_NAME_MACRO, 2, "define(`__OSTYPE__', $1)"},
	{"POPDIVERT", SM_NAME_MACRO, 0, "divert(__D__)popdef(`__D__')"},
	{"PUSHDIVERT", SM_NAME_MACRO, 1, "pushdef(`__D__', divnum)divert($1)"},
	{"QUEUE_GROUP", SM_NAME_MACRO, 2, ""},
	{"RELAY_DOMAIN", SM_NAME_MACRO, 1, ""},
	{"RELAY_DOMAIN_FILE", SM_NAME_MACRO, 1, ""},
	{"SITE", SM_NAME_MACRO, 0, ""},
	{"SITECONFIG", SM_NAME_MACRO, 3, ""},
	{"TRUST_AUTH_MECH", SM_NAME_MACRO, 1, ""},
	{"UUCPSMTP", SM_NAME_MACRO, 2, ""},
	{"VERSIONID", SM_NAME_MACRO, 1, ""},
	{"VIRTUSER_DOMAIN", SM_NAME_MACRO, 1, ""},
	{"VIRTUSER_DOMAIN_FILE", SM_NAME_MACRO, 1, ""},
	{"builtin", SM_NAME_BUILTIN, 0, NULL},
	{"changecom", SM_NAME_WORD, 0, NULL},
	{"changequote", SM_NAME_WORD, 0, NULL},
	{"changeword", SM_NAME_BUILTIN, 0, NULL},
	{"debugfile", SM_NAME_BUILTIN, 0, NULL},
	{"debugmode", SM_NAME_BUILTIN, 0, NULL},
	{"decr", SM_NAME_BUILTIN, 0, NULL},
	{"define", SM_NAME_BUILTIN, 0, NULL},
	{"defn", SM_NAME_BUILTIN, 0, NULL},
	{"divert", SM_NAME_WORD, 0, NULL},
	{"divnum", SM_NAME_WORD, 0, NULL},
	{"dnl", SM_NAME_WORD, 0, NULL},
	{"dumpdef", SM_NAME_BUILTIN, 0, NULL},
	{"errprint", SM_NAME_BUILTIN, 0, NULL},
	{"esyscmd", SM_NAME_BUILTIN, 0, NULL},
	{"eval", SM_NAME_BUILTIN, 0, NULL},
	{"format", SM_NAME_BUILTIN, 0, NULL},
	{"ifdef", SM_NAME_BUILTIN, 0, NULL},
	{"ifelse", SM_NAME_BUILTIN, 0, NULL},
	{"include", SM_NAME_BUILTIN, 0, NULL},
	{"incr", SM_NAME_BUILTIN, 0, NULL},
	{"index", SM_NAME_BUILTIN, 0, NULL},
	{"indir", SM_NAME_BUILTIN, 0, NULL},
	{"len", SM_NAME_BUILTIN, 0, NULL},
	{"m4exit", SM_NAME_BUILTIN, 0, NULL},
	{"m4wrap", SM_NAME_BUILTIN, 0, NULL},
	{"maketemp", SM_NAME_BUILTIN, 0, NULL},
	{"mkstemp", SM_NAME_BUILTIN, 0, NULL},
	{"patsubst", SM_NAME_BUILTIN, 0, NULL},
	{"popdef", SM_NAME_BUILTIN, 0, NULL},
	{"pushdef", SM_NAME_BUILTIN, 0, NULL},
	{"regexp", SM_NAME_BUILTIN, 0, NULL},
	{"shift", SM_NAME_BUILTIN, 0, NULL},
	{"sinclude", SM_NAME_BUILTIN, 0, NULL},
	{"substr", SM_NAME_BUILTIN, 0, NULL},
	{"syscmd", SM_NAME_BUILTIN, 0, NULL},
	{"sysval", SM_NAME_BUILTIN, 0, NULL},
	{"traceoff", SM_NAME_BUILTIN, 0, NULL},
	{"traceon", SM_NAME_BUILTIN, 0, NULL},
	{"translit", SM_NAME_BUILTIN, 0, NULL},
	{"undefine", SM_NAME_BUILTIN, 0, NULL},
	{"undivert", SM_NAME_WORD, 0, NULL},
};

static const char *const confs[] = {
	"confALIAS_WAIT",
	"confALLOW_BOGUS_HELO",
	"confAUTH_MAX_BITS",
	"confAUTH_MECHANISMS",
	"confAUTH_OPTIONS",
	"confAUTH_REALM",
	"confAUTO_REBUILD",
	"confBAD_RCPT_THROTTLE",
	"confBIND_OPTS",
	"confBLANK_SUB",
	"confCACERT",
	"confCACERT_PATH",
	"confCERT_FINGERPRINT_ALGORITHM",
	"confCF_VERSION",
	"confCHECKPOINT_INTERVAL",
	"confCHECK_ALIASES",
	"confCIPHER_LIST",
	"confCLIENT_CERT",
	"confCLIENT_KEY",
	"confCLIENT_OPTIONS",
	"confCLIENT_SSL_OPTIONS",
	"confCOLON_OK_IN_ADDR",
	"confCONNECTION_RATE_THROTTLE",
	"confCONNECTION_RATE_WINDOW_SIZE",
	"confCONNECT_ONLY_TO",
	"confCONTROL_SOCKET_NAME",
	"confCON_EXPENSIVE",
	"confCOPY_ERRORS_TO",
	"confCRL",
	"confCRL_PATH",
	"confCR_FILE",
	"confCT_FILE",
	"confCW_FILE",
	"confDAEMON_OPTIONS",
	"confDANE",
	"confDEAD_LETTER_DROP",
	"confDEF_AUTH_INFO",
	"confDEF_CHAR_SET",
	"confDEF_GROUP_ID",
	"confDEF_USER_ID",
	"confDELAY_LA",
	"confDELIVERY_MODE",
	"confDELIVER_BY_MIN",
	"confDEQUOTE_OPTS",
	"confDF_BUFFER_SIZE",
	"confDH_PARAMETERS",
	"confDIAL_DELAY",
	"confDIRECT_SUBMISSION_MODIFIERS",
	"confDOMAIN_NAME",
	"confDONT_BLAME_SENDMAIL",
	"confDONT_EXPAND_CNAMES",
	"confDONT_INIT_GROUPS",
	"confDONT_PROBE_INTERFACES",
	"confDONT_PRUNE_ROUTES",
	"confDOUBLE_BOUNCE_ADDRESS",
	"confEBINDIR",
	"confEIGHT_BIT_HANDLING",
	"confERROR_MESSAGE",
	"confERROR_MODE",
	"confFALLBACK_MX",
	"confFALLBACK_SMARTHOST",
	"confFAST_SPLIT",
	"confFORWARD_PATH",
	"confFROM_HEADER",
	"confFROM_LINE",
	"confHELO_NAME",
	"confHOSTS_FILE",
	"confHOST_STATUS_DIRECTORY",
	"confI18N",
	"confIGNORE_DOTS",
	"confINPUT_MAIL_FILTERS",
	"confLDAP_CLUSTER",
	"confLDAP_DEFAULT_SPEC",
	"confLIBSEARCHPATH",
	"confLOCAL_MAILER",
	"confLOG_LEVEL",
	"confMAILBOX_DATABASE",
	"confMAILER_NAME",
	"confMATCH_GECOS",
	"confMAX_ALIAS_RECURSION",
	"confMAX_DAEMON_CHILDREN",
	"confMAX_HEADERS_LENGTH",
	"confMAX_HEADER_LINES",
	"confMAX_HOP",
	"confMAX_MESSAGE_SIZE",
	"confMAX_MIME_HEADER_LENGTH",
	"confMAX_NOOP_COMMANDS",
	"confMAX_QUEUE_AGE",
	"confMAX_QUEUE_CHILDREN",
	"confMAX_QUEUE_RUN_SIZE",
	"confMAX_RCPTS_PER_MESSAGE",
	"confMAX_RECIPIENTS",
	"confMAX_RUNNERS_PER_QUEUE",
	"confMCI_CACHE_SIZE",
	"confMCI_CACHE_TIMEOUT",
	"confMESSAGEID_HEADER",
	"confMESSAGE_TIMEOUT",
	"confME_TOO",
	"confMILTER_LOG_LEVEL",
	"confMILTER_MACROS_CONNECT",
	"confMILTER_MACROS_DATA",
	"confMILTER_MACROS_ENVFROM",
	"confMILTER_MACROS_ENVRCPT",
	"confMILTER_MACROS_EOH",
	"confMILTER_MACROS_EOM",
	"confMILTER_MACROS_HELO",
	"confMIME_FORMAT_ERRORS",
	"confMIN_FREE_BLOCKS",
	"confMIN_QUEUE_AGE",
	"confMUST_QUOTE_CHARS",
	"confNICE_QUEUE_RUN",
	"confNO_RCPT_ACTION",
	"confOLD_STYLE_HEADERS",
	"confOPENSSL_CNF",
	"confOPERATORS",
	"confPID_FILE",
	"confPRIVACY_FLAGS",
	"confPROCESS_TITLE_PREFIX",
	"confQUEUE_FACTOR",
	"confQUEUE_FILE_MODE",
	"confQUEUE_LA",
	"confQUEUE_SORT_ORDER",
	"confRAND_FILE",
	"confRCPTREJ_MSG",
	"confREAD_TIMEOUT",
	"confRECEIVED_HEADER",
	"confREFUSE_LA",
	"confREJECT_LOG_INTERVAL",
	"confREJECT_MSG",
	"confREJECT_NUL",
	"confRELAY_MAILER",
	"confRELAY_MSG",
	"confREQUIRES_DIR_FSYNC",
	"confRRT_IMPLIES_DSN",
	"confRUN_AS_USER",
	"confSAFE_FILE_ENV",
	"confSAFE_QUEUE",
	"confSAVE_FROM_LINES",
	"confSEPARATE_PROC",
	"confSERVER_CERT",
	"confSERVER_KEY",
	"confSERVER_SSL_OPTIONS",
	"confSERVICE_SWITCH_FILE",
	"confSEVEN_BIT_INPUT",
	"confSHARED_MEMORY_KEY",
	"confSHARED_MEMORY_KEY_FILE",
	"confSINGLE_LINE_FROM_HEADER",
	"confSINGLE_THREAD_DELIVERY",
	"confSMTPUTF8",
	"confSMTP_LOGIN_MSG",
	"confSMTP_MAILER",
	"confSOFT_BOUNCE",
	"confSRV_SSL_OPTIONS",
	"confSSL_ENGINE",
	"confSSL_ENGINE_PATH",
	"confTEMP_FILE_MODE",
	"confTIME_ZONE",
	"confTLS_FALLBACK_TO_CLEAR",
	"confTLS_SRV_OPTIONS",
	"confTO_ACONNECT",
	"confTO_AUTH",
	"confTO_COMMAND",
	"confTO_CONNECT",
	"confTO_CONTROL",
	"confTO_DATABLOCK",
	"confTO_DATAFINAL",
	"confTO_DATAINIT",
	"confTO_FILEOPEN",
	"confTO_HELO",
	"confTO_HOSTSTATUS",
	"confTO_ICONNECT",
	"confTO_IDENT",
	"confTO_INITIAL",
	"confTO_LHLO",
	"confTO_MAIL",
	"confTO_MISC",
	"confTO_QUEUERETURN",
	"confTO_QUEUERETURN_DSN",
	"confTO_QUEUERETURN_NONURGENT",
	"confTO_QUEUERETURN_NORMAL",
	"confTO_QUEUERETURN_URGENT",
	"confTO_QUEUEWARN",
	"confTO_QUEUEWARN_DSN",
	"confTO_QUEUEWARN_NONURGENT",
	"confTO_QUEUEWARN_NORMAL",
	"confTO_QUEUEWARN_URGENT",
	"confTO_QUIT",
	"confTO_RCPT",
	"confTO_RESOLVER_RETRANS",
	"confTO_RESOLVER_RETRANS_FIRST",
	"confTO_RESOLVER_RETRANS_NORMAL",
	"confTO_RESOLVER_RETRY",
	"confTO_RESOLVER_RETRY_FIRST",
	"confTO_RESOLVER_RETRY_NORMAL",
	"confTO_RSET",
	"confTO_STARTTLS",
	"confTRUSTED_USER",
	"confTRUSTED_USERS",
	"confTRY_NULL_MX_LIST",
	"confUNSAFE_GROUP_WRITES",
	"confUSERDB_SPEC",
	"confUSE_COMPRESSED_IPV6_ADDRESSES",
	"confUSE_ERRORS_TO",
	"confUSE_MSP",
	"confUUCP_MAILER",
	"confUUCP_MAX_SIZE",
	"confWORK_CLASS_FACTOR",
	"confWORK_RECIPIENT_FACTOR",
	"confWORK_TIME_FACTOR",
	"confXF_BUFFER_SIZE",
};

static const char *const features[] = {
	"accept_unqualified_senders",
	"accept_unresolvable_domains",
	"access_db",
	"allmasquerade",
	"always_add_domain",
	"authinfo",
	"badmx",
	"bcc",
	"bestmx_is_local",
	"bitdomain",
	"blacklist_recipients",
	"block_bad_helo",
	"blocklist_recipients",
	"check_cert_altnames",
	"check_other",
	"compat_check",
	"conncontrol",
	"delay_checks",
	"dnsbl",
	"domainmap",
	"domaintable",
	"drac",
	"enhdnsbl",
	"generics_entire_domain",
	"genericstable",
	"greet_pause",
	"ldap_routing",
	"limited_masquerade",
	"local_lmtp",
	"local_no_masquerade",
	"local_procmail",
	"lookupdotdomain",
	"loose_relay_check",
	"mailertable",
	"masquerade_entire_domain",
	"masquerade_envelope",
	"msp",
	"mtamark",
	"no_default_msa",
	"nocanonify",
	"nopercenthack",
	"notsticky",
	"nouucp",
	"nullclient",
	"prefixmod",
	"preserve_local_plus_detail",
	"preserve_luser_host",
	"promiscuous_relay",
	"queuegroup",
	"ratecontrol",
	"rbl",
	"redirect",
	"relay_based_on_MX",
	"relay_entire_domain",
	"relay_hosts_only",
	"relay_local_from",
	"relay_mail_from",
	"require_rdns",
	"rhsbl",
	"smrsh",
	"stickyhost",
	"sts",
	"tls_failures",
	"tls_session_features",
	"use_client_ptr",
	"use_ct_file",
	"use_cw_file",
	"uucpdomain",
	"virtuser_entire_domain",
	"virtusertable",
	"vnet",
};

const struct sm_name *sm_names(size_t *count)
{
	*count = sizeof names / sizeof *names;
	return names;
}

static int compare_name(const void *key, const void *item)
{
	const struct mp_slice *word = key;
	const struct sm_name *name = item;

	return mp_slice_cmp(*word, mp_slice_str(name->name));
}

const struct sm_name *sm_name(struct mp_slice word)
{
	return bsearch(&word, names, sizeof names / sizeof *names, sizeof *names, compare_name);
}

static int compare_text(const void *key, const void *item)
{
	const struct mp_slice *word = key;

	return mp_slice_cmp(*word, mp_slice_str(*(const char *const *)item));
}

#define IN(word, list)                                                                             \
	(bsearch(&(word), (list), sizeof(list) / sizeof *(list), sizeof *(list), compare_text) !=  \
		NULL)

bool sm_name_is_conf(struct mp_slice name)
{
	return IN(name, confs);
}

bool sm_name_is_feature(struct mp_slice name)
{
	return IN(name, features);
}

static const char *nearest(struct mp_slice name, const char *const *list, size_t count)
{
	const char *best = NULL;
	size_t least_edits = COUNT_OF_NEAR + 1;

	if (name.n == 0 || name.n > MP_EDITS_MAX) {
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		struct mp_slice other = mp_slice_str(list[i]);
		size_t longer = name.n > other.n ? name.n - other.n : other.n - name.n;
		/* A word that was not written to its end is near, too. */
		size_t n = other.n > name.n && name.n > 6 && memcmp(other.p, name.p, name.n) == 0
			? COUNT_OF_NEAR
			: longer > COUNT_OF_NEAR ? COUNT_OF_NEAR + 1
						 : mp_edits(name, other);
		if (n < least_edits) {
			least_edits = n;
			best = list[i];
		}
	}
	return best;
}

const char *sm_name_near_conf(struct mp_slice name)
{
	return nearest(name, confs, sizeof confs / sizeof *confs);
}

const char *sm_name_near_feature(struct mp_slice name)
{
	return nearest(name, features, sizeof features / sizeof *features);
}

static const char *const preset[] = {"confALIAS_WAIT", "confBLANK_SUB", "confCHECK_ALIASES",
	"confCON_EXPENSIVE", "confCR_FILE", "confCW_FILE", "confDELIVERY_MODE", "confFORWARD_PATH",
	"confFROM_LINE", "confLOG_LEVEL", "confMAILER_NAME", "confMCI_CACHE_SIZE",
	"confMCI_CACHE_TIMEOUT", "confMILTER_MACROS_CONNECT", "confMILTER_MACROS_ENVFROM",
	"confMILTER_MACROS_ENVRCPT", "confMILTER_MACROS_EOM", "confMILTER_MACROS_HELO",
	"confMIME_FORMAT_ERRORS", "confMIN_FREE_BLOCKS", "confOLD_STYLE_HEADERS", "confOPERATORS",
	"confPRIVACY_FLAGS", "confRECEIVED_HEADER", "confSAFE_QUEUE", "confSEVEN_BIT_INPUT",
	"confSMTP_LOGIN_MSG", "confTEMP_FILE_MODE", "confTIME_ZONE", "confTO_QUEUERETURN",
	"confTO_QUEUEWARN", "confUSE_ERRORS_TO", NULL};

const char *const *sm_names_preset(void)
{
	return preset;
}

"""What random configurations and dialogues must cover."""

import paths  # noqa: F401  (before what lies elsewhere)
import features

# Rules 1 to 3 that add words are not among them: names of mailboxes with a blank in them.
FEATURES = [*features.ACCESS, *features.PIECES, *("hand:" + name for name in features.HAND if name != "rule123"),
            *("mailer:" + name for name in features.MAILERS), "nullclient"]

# Values for each option. What would deliver, or keep the client waiting for long, is not among them.
OPTIONS = {
    "confMAX_MESSAGE_SIZE": ["0", "100", "2000", "1000000"], "confMAX_RCPTS_PER_MESSAGE": ["0", "1", "2", "3"],
    "confBAD_RCPT_THROTTLE": ["1", "3"], "confSOFT_BOUNCE": ["True", "False"], "confALLOW_BOGUS_HELO": ["True"],
    "confDELIVER_BY_MIN": ["-1", "0", "100", "2h", "1d"], "confAUTH_REALM": ["example.org", "mail.example.org", "other.example"],
    "confAUTH_MAX_BITS": ["0", "128"], "confMAX_NOOP_COMMANDS": ["0", "1", "3"], "confMAX_DAEMON_CHILDREN": ["0", "40"],
    "confSMTP_LOGIN_MSG": ["$j Sendmail", "$j", "welcome", "$j $v/$Z; $b", '"quoted" $j', "$j one\\n two", "$j ${daemon_name}", "$?{client_name}$j hello $.x"],
    "confTLS_SRV_OPTIONS": ["V", "C", "V C", ""], "confMIME_FORMAT_ERRORS": ["False", "True"],
    "confEIGHT_BIT_HANDLING": ["pass8", "mimify", "strict"], "confSEVEN_BIT_INPUT": ["True"], "confBLANK_SUB": ["_", ""],
    "confCOLON_OK_IN_ADDR": ["False", "True"], "confDONT_EXPAND_CNAMES": ["True"], "confMATCH_GECOS": ["True"],
    "confUSE_COMPRESSED_IPV6_ADDRESSES": ["True"], "confHELP_FILE": ["/etc/mail/absent"], "confMAX_HEADERS_LENGTH": ["65536", "32768", "60", "400", "0"],
    "confMAX_MIME_HEADER_LENGTH": ["256/128"], "confRRT_IMPLIES_DSN": ["True"], "confLOG_LEVEL": ["0", "20"],
    "confDOMAIN_NAME": ["named.example", "mail.example.org"], "confDONT_PROBE_INTERFACES": ["False", "loopback"],
    "confREJECT_NUL": ["True"], "confMAX_HOP": ["5"], "confNO_RCPT_ACTION": ["add-to"], "confOPERATORS": [".:%@!^/[]+", ".:%@!^/[]+-"],
    "confDEQUOTE_OPTS": ["-s_"], "confRELAY_MSG": ['"550 5.7.1 no relaying, " $&{client_addr}', '"454 later"', "550 bare words, here"],
    "confREJECT_MSG": ['"550 5.7.9 go away"', '"421 4.7.0 hang up"'], "confRCPTREJ_MSG": ['"551 5.1.6 not this box"'],
    "confTO_COMMAND": ["5m"], "confSINGLE_LINE_FROM_HEADER": ["True"], "confALIAS_WAIT": ["0"], "confSAFE_QUEUE": ["True"],
    "confMAX_ALIAS_RECURSION": ["2", "10"], "confFORWARD_PATH": ["$z/.forward"], "confCONNECTION_RATE_THROTTLE": ["100"],
    "confAUTO_REBUILD": ["False"], "confMIN_FREE_BLOCKS": ["10"], "confDIRECT_SUBMISSION_MODIFIERS": ["CC f"],
    "confDONT_PRUNE_ROUTES": ["True"], "confIGNORE_DOTS": ["True"], "confALIAS_FILE": ["/etc/mail/aliases", "hash:/etc/mail/aliases, hash:-o /etc/mail/more"],
    "confLOCAL_MAILER": ["local"], "confCR_FILE": ["-o /etc/mail/relays"], "confTO_IDENT": ["0"], "confCHECK_ALIASES": ["True"],
}

PRIVACY = """
public needmailhelo needexpnhelo needvrfyhelo noexpn novrfy noverb noetrn noreceipts authwarnings restrictmailq
restrictqrun restrictexpand nobodyreturn noactualrecipient goaway
""".split()

KEYS = "Addr Family Name Port Modifiers Listen SndBufSize RcvBufSize DeliveryMode delayLA queueLA refuseLA children lower".split()
MODIFIERS = "a A b c C E f h O r s S u x".split()
MECHANISMS = "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 EXTERNAL ANONYMOUS".split()
AUTH_OPTIONS = "A a c d f m p y".split()
OTHER = "no-default-msa default-msa local-host-names relay-domains tls tls-broken no-start fallback-j".split()

CLIENTS = {
    "good": "203.0.113.5", "forged": "198.51.100.7", "none": "198.51.100.8", "tempfail": "198.51.100.9", "own-name": "198.51.100.11",
    "relayed-name": "198.51.100.12", "relayed-ip": "10.20.30.40", "relayed-both": "10.1.2.3", "listed": "203.0.113.66", "listed-forged": "203.0.113.67",
    "own-domain": "192.0.2.77", "server": "192.0.2.10", "loopback": "127.0.0.1", "loopback-other": "127.0.0.2",
    "alias": "198.51.100.20", "forward-tempfail": "198.51.100.21", "six": "2001:db8::1", "six-none": "2001:db8::77",
}

# Where a client comes from whose state has no name in tests/rulesets.
DNS = {
    "ptr 198.51.100.20": "alias.example", "ptr 198.51.100.21": "temp.example", "ptr 203.0.113.67": "forged.example",
    "address probe.example.net": ["203.0.113.80"], "list 203.0.113.66 rhs.example": ["127.0.0.2"],
}

ADDRESSES = """
own own-unknown foreign relayed virtual percent percent-at-own percent-at-relayed bang bang-at-own source-route two-routes
quoted quoted-at quoted-blank literal-own literal-foreign literal-six literal-bad bare no-brackets comment phrase empty
two-ats trailing-dot double-dot leading-dot detail upper alias pseudo group backslash program file include eight-bit long
blank unbalanced semicolon comma colon localhost trailing known random subdomain nonexistent unresolved only-at
""".split()

COMMANDS = """
HELO EHLO MAIL RCPT DATA RSET NOOP VRFY EXPN ETRN HELP VERB AUTH STARTTLS QUIT SEND SAML SOML TURN unknown empty http
long blanks lower telnet pipelined bad-helo bad-syntax after-quit parameters tls certificate stranger implicit
""".split()

PARAMETERS = "SIZE BODY RET ENVID AUTH BY SMTPUTF8 NOTIFY ORCPT unknown valueless twice".split()
LOGINS = "PLAIN PLAIN-continued LOGIN LOGIN-initial CRAM-MD5 DIGEST-MD5 ANONYMOUS EXTERNAL unknown wrong abort broken no-mechanism again lower".split()

CONFIGURED = {"feature": FEATURES, "option": list(OPTIONS), "privacy": PRIVACY, "key": KEYS, "modifier": MODIFIERS,
              "mechanism": MECHANISMS, "trust": MECHANISMS, "auth-option": AUTH_OPTIONS, "other": OTHER}
ALL = dict(CONFIGURED, client=list(CLIENTS), address=ADDRESSES, command=COMMANDS, parameter=PARAMETERS, login=LOGINS)
EVERYTHING = [f"{kind} {name}" for kind, names in CONFIGURED.items() for name in names]

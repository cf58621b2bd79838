/* client_class - from where a client comes, as far as a configuration tells clients apart. */
#ifndef MP_SMTP_CLIENT_CLASS_H
#define MP_SMTP_CLIENT_CLASS_H

enum mp_client_class {
	MP_CLIENT_OUTSIDER,
	MP_CLIENT_SERVER, /* the host itself */
	MP_CLIENT_TRUSTED /* a network that the configuration trusts */
};

/* "outsider", "server", "trusted" */
const char *mp_client_class_name(enum mp_client_class class);

#endif

/* client_class - from where a client comes. */
#include "smtp/client_class.h"

const char *mp_client_class_name(enum mp_client_class class)
{
	switch (class) {
	case MP_CLIENT_OUTSIDER:
		return "outsider";
	case MP_CLIENT_SERVER:
		return "server";
	case MP_CLIENT_TRUSTED:
		return "trusted";
	}
	return "";
}

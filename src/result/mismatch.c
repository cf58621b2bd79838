/* mismatch - where prediction and observation differ. */
#include "result/mismatch.h"

const char *mp_mismatch_kind_name(enum mp_mismatch_kind kind)
{
	switch (kind) {
	case MP_MISMATCH_MORE_PERMISSIVE:
		return "more-permissive";
	case MP_MISMATCH_STRICTER:
		return "stricter";
	case MP_MISMATCH_OTHER_WORDS:
		return "other-words";
	}
	return "";
}

enum mp_severity mp_mismatch_severity(enum mp_mismatch_kind kind)
{
	switch (kind) {
	case MP_MISMATCH_MORE_PERMISSIVE:
		return MP_ERROR;
	case MP_MISMATCH_STRICTER:
		return MP_WARNING;
	case MP_MISMATCH_OTHER_WORDS:
		break;
	}
	return MP_NOTE;
}

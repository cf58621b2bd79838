/* prediction_text - a prediction for a person (stub: the listeners only). */
#include "report/prediction.h"
#include "report/surface_text.h"
#include "report/terminal.h"

void mp_prediction_text(FILE *out, bool color, const struct mp_prediction *p, enum mp_show show)
{
	(void)show;
	for (size_t i = 0; i < p->outcome_count; i++) {
		const struct mp_predicted *o = &p->outcomes[i];
		fprintf(out, "%s %s%s%s: %s%s%s %s\n", o->listener, o->client,
			o->network[0] != '\0' ? " " : "", o->network, o->scenario,
			o->truncated ? "? " : " ", mp_outcome_name(o->outcome),
			mp_why_name(o->why));
	}
	mp_surface_text(out, color, &p->surface);
}

/* surface_json - the surface as members of mtaproof.prediction/1 (design 4.4). */
#ifndef MP_REPORT_SURFACE_JSON_H
#define MP_REPORT_SURFACE_JSON_H

#include "result/prediction.h"
#include "json/write.h"

/* The members "surface" (an array of openings), "surface_complete" and "surface_notes" of the
 * object that is open. */
void mp_surface_json(struct mp_json_writer *w, const struct mp_surface *surface);
/* One opening, an object. */
void mp_opening_json(struct mp_json_writer *w, const struct mp_opening *opening);

#endif

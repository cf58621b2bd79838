/* prediction - a prediction as members of a JSON report, and for a person. */
#ifndef MP_REPORT_PREDICTION_H
#define MP_REPORT_PREDICTION_H

#include "report/verification.h"
#include "result/prediction.h"
#include "json/write.h"

/* The members "listeners", "outcomes" and those of the surface of mtaproof.prediction/1 (design
 * 4.4). */
void mp_prediction_json(struct mp_json_writer *w, const struct mp_prediction *p);

/* The listeners as a table, who may relay, and what is answered: of each listener a table of the
 * scenarios, which leaves out what goes as its whole group does. With MP_SHOW_CHECKS every scenario
 * is shown, with MP_SHOW_TRANSCRIPTS its dialogues, too. */
void mp_prediction_text(FILE *out, bool color, const struct mp_prediction *p, enum mp_show show);

#endif

/* match - what comes of holding something against a list. */
#ifndef PF_CONFIG_MATCH_H
#define PF_CONFIG_MATCH_H

enum pf_match { PF_NO_MATCH, PF_MATCH, PF_MATCH_ERROR };

#endif

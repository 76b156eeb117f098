/*
 * The headings of a list when it is changed. Store threads.
 */
#ifndef API_HEADINGS_H
#define API_HEADINGS_H

#include "endpoint/endpoint.h"

/*
 * Follows the statement that gives $kept_headings, a JSON array of lines, of an endpoint with the
 * inputs "headings" and "rename_heading" and these values. Sets $new_headings: those that were sent,
 * else those that are kept with the one called otherwise; and $from_heading and $to_heading of that.
 * Refuses a heading that the list does not have (422).
 */
extern const struct job_step_kind headings_found;

#endif

/*
 * What a body is. Any thread.
 */
#ifndef HTTP_MEDIA_H
#define HTTP_MEDIA_H

#include <stdbool.h>

enum media { MEDIA_JSON, MEDIA_MERGE_PATCH, MEDIA_FORM, MEDIA_OTHER };

/* From a Content-Type (RFC 9110, 8.3); NULL counts as JSON, a charset other than UTF-8 as other. */
enum media media_read(const char *header);

/*
 * Whether a Content-Type is one of a list of words, in UTF-8 if it says so. None at all is, and so
 * is what clients say of any file or of any body.
 */
bool media_is_listed(const char *header, const char *list);

/* Whether a Content-Encoding (NULL: not sent) names a coding that does something to a body. */
bool media_is_coded(const char *header);

#endif

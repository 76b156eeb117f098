/*
 * What a body is. Any thread.
 */
#ifndef HTTP_MEDIA_H
#define HTTP_MEDIA_H

enum media { MEDIA_JSON, MEDIA_MERGE_PATCH, MEDIA_FORM, MEDIA_OTHER };

/* From a Content-Type (RFC 9110, 8.3); NULL counts as JSON, a charset other than UTF-8 as other. */
enum media media_read(const char *header);

#endif

/*
 * The page's files as the program carries them; the build writes the table.
 */
#ifndef ENDPOINT_PAGE_FILES_H
#define ENDPOINT_PAGE_FILES_H

#include <stddef.h>

struct page_file {
	const char *name; /* below src/web, such as "page.css" or "folder/module.js" */
	const unsigned char *plain;
	size_t plain_size;
	const unsigned char *packed; /* gzip (RFC 1952) */
	size_t packed_size;
};

extern const struct page_file page_files[]; /* index.html first; the last one has no name */
extern const char page_version[];	    /* what the folder of the others is called */
extern const char page_tag[];		    /* index.html's entity tag, weak: gzip or not */

#endif

/*
 * Opening and closing connections. Loop thread, before the store's threads start and after they
 * have ended.
 */
#ifndef STORE_SQLITE_OPEN_H
#define STORE_SQLITE_OPEN_H

#include "sqlite/claim.h"
#include "sqlite/connection.h"

/*
 * Claim the file and open it to write to it; make it, with its schema, where there is none or an
 * empty one, and migrate it where it is of an earlier version. NULL when it is ready; else why not, to
 * be freed, and the file is as it was.
 */
char *sqlite_open_writer(struct sqlite *sqlite, const char *file, struct claim *claim);

/* Open the file once more, as it is; false where that fails. The writer's thread. */
bool sqlite_open_again(struct sqlite *sqlite, const char *file);

/* Close the connection without folding the log into the file or removing it. */
void sqlite_abandon(struct sqlite *sqlite);

/*
 * Open the file, which a writer has open, to read from it. NULL; or why not, to be freed, and then
 * the connection is still to be closed.
 */
char *sqlite_open_reader(struct sqlite *sqlite, const char *file);

void sqlite_close(struct sqlite *sqlite);

#endif

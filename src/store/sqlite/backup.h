/*
 * A copy of the whole database beside its file, before something is done that cannot be undone.
 */
#ifndef STORE_SQLITE_BACKUP_H
#define STORE_SQLITE_BACKUP_H

#include "sqlite/connection.h"

/*
 * Copy what is committed, the log included, to FILE.SUFFIX, for the owner alone, and have it
 * durable and checked. A file of that name is never touched: where it is not the same copy already,
 * the new one is FILE.SUFFIX.2, and so on. The name without its folder, to be freed; or NULL and
 * *why is one line, to be freed, and nothing is left of the attempt.
 *
 * No transaction is open. One process at a time: what a killed one left half made is removed.
 */
char *sqlite_backup(struct sqlite *sqlite, const char *suffix, char **why);

#endif

/* Numbered pieces of work, to see where they go. */
#ifndef TESTS_PIECE_H
#define TESTS_PIECE_H

#include "base/work.h"

#include <string.h>

struct piece {
	struct work work;
	unsigned producer;
	unsigned number;
	unsigned times; /* that it was taken, or done */
};

/* struct piece's first member is its work. */
static inline struct piece *piece_of(struct work *work)
{
	return (struct piece *)(void *)work;
}

static inline void piece_number(struct piece *pieces, unsigned count)
{
	memset(pieces, 0, sizeof(*pieces) * count);
	for (unsigned i = 0; i < count; i++)
		pieces[i].number = i;
}

#endif

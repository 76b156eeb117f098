/*
 * What goes on to evhttp otherwise than it came: the reader says where, its owner does it.
 */
#include "http/wire.h"

#include "base/memory.h"

#include <stdlib.h>

void wire_edit(struct wire *wire, size_t offset, size_t length, struct text with)
{
	if (wire->edit_count == wire->edit_room) {
		wire->edit_room = wire->edit_room * 2 + 4;
		wire->edits = memory_resize(wire->edits, wire->edit_room * sizeof(*wire->edits));
	}
	wire->edits[wire->edit_count++] =
		(struct wire_edit){ wire->line_begins + offset, length, with };
	wire->shift += (int64_t)with.length - (int64_t)length;
}

void wire_edits_made(struct wire *wire)
{
	free(wire->edits);
	wire->edits = NULL;
	wire->edit_count = wire->edit_room = 0;
}

/*
 * Tasks at random, with whatever means something to one format or another in their members.
 */
#include "base/date.h"
#include "base/json.h"
#include "check_main.h"
#include "format_reading.h"

#include <string.h>

#define NAME_MOST 1000
#define NOTE_MOST 65536
#define TAGS_MOST 32
#define TAG_MOST 64

struct random {
	uint64_t state;
	struct arena *arena;
};

/* Text of pieces that mean something to one format or another. */
static const char *const pieces[] = { " ", " ", " ", "  ", "a", "word", "x ", "(A) ", "(b)", "+",
	"+tag", "@", "due:", "due:2026-01-01", "2026-01-01", "2026-01-01 ", "pri:A",
	"note:", "note:x", "name:", "name:x", "position:1", "http://a.b/c?d=e&f", ",", "\"", "\"\"",
	";", ":", "\\", "\\n", "\\,", "\\\\", "'", "%", "%20", "%2", "=cmd|' /C'!A0", "-", "\u00E9",
	"\u20AC", "\U0001F600", "e\u0301", "\u00A0.", "\u2028.", "BEGIN:VTODO", "END:VTODO", "^n",
	"^'", "[", "]", "{", "}", "null", "0", "1.5", "true", "<b>", "&amp;", "\xEF\xBB\xBF." };

static void random_add_piece(struct buffer *text, struct random *random, bool lines)
{
	static const char *const breaks[] = { "\n", "\n\n", "\t", "\n ", "\n\t" };
	const char *piece = pieces[check_random(&random->state) % CHECK_COUNT(pieces)];

	if (lines && check_random(&random->state) % 8 == 0)
		piece = breaks[check_random(&random->state) % CHECK_COUNT(breaks)];
	buffer_add_text(text, text_of(piece));
}

/* A terminated copy that lives as long as the tasks. */
static char *random_keep(struct random *random, struct text text)
{
	char *copy = arena_alloc(&random->arena, text.length + 1);

	if (text.length > 0)
		memcpy(copy, text.data, text.length);
	copy[text.length] = '\0';
	return copy;
}

/* A name as the store has it: trimmed, and not empty. */
static char *random_name(struct random *random)
{
	size_t most = check_random(&random->state) % 50 == 0 ? NAME_MOST - 20
							     : check_random(&random->state) % 60;
	struct buffer name = { 0 };
	struct text trimmed = { NULL, 0 };
	char *copy;

	while (name.length <= most || trimmed.length == 0) {
		random_add_piece(&name, random, false);
		trimmed = text_trim((struct text){ name.data, name.length });
	}
	copy = random_keep(random, trimmed);
	buffer_free(&name);
	return copy;
}

static char *random_note(struct random *random)
{
	size_t most = check_random(&random->state) % 200 == 0 ? NOTE_MOST - 20
							      : check_random(&random->state) % 300;
	struct buffer note = { 0 };
	char *copy;

	while (check_random(&random->state) % 16 != 0 && note.length < most) {
		for (int i = 0; i < 20 && note.length < most; i++)
			random_add_piece(&note, random, true);
	}
	copy = random_keep(random, (struct text){ note.data, note.length });
	buffer_free(&note);
	return copy;
}

/* No white space and no comma, but anything else; and each one once. */
static void random_add_tag(struct buffer *tags, struct random *random, unsigned number)
{
	struct buffer tag = { 0 };
	size_t most = check_random(&random->state) % 8 == 0 ? TAG_MOST - 12
							    : check_random(&random->state) % 8;

	while (tag.length <= most) {
		const char *piece = pieces[check_random(&random->state) % CHECK_COUNT(pieces)];

		if (strpbrk(piece, " ,=\xC2\xE2\xEF") == NULL)
			buffer_add_text(&tag, text_of(piece));
	}
	buffer_add_format(&tag, "~%u", number);
	json_write_text(tags, (struct text){ tag.data, tag.length });
	buffer_free(&tag);
}

static char *random_tags(struct random *random)
{
	unsigned count = check_random(&random->state) % 20 == 0 ? TAGS_MOST
								: check_random(&random->state) % 4;
	struct buffer tags = { 0 };
	char *copy;

	buffer_add(&tags, "[", 1);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			buffer_add(&tags, ",", 1);
		random_add_tag(&tags, random, i);
	}
	buffer_add(&tags, "]", 1);
	copy = random_keep(random, (struct text){ tags.data, tags.length });
	buffer_free(&tags);
	return copy;
}

static double random_position(struct random *random)
{
	double position = (double)(int64_t)(check_random(&random->state) % 2000001) - 1000000;

	return check_random(&random->state) % 2 == 0 ? position : position / 1024 / 3;
}

/* A date, which may be a day; NULL in place of some. */
static const char *random_date(struct random *random, bool day)
{
	char date[DATE_SIZE];

	date_format((time_t)(check_random(&random->state) % 250000000000), date);
	if (day && check_random(&random->state) % 2 == 0)
		date[strlen("YYYY-MM-DD")] = '\0';
	return check_random(&random->state) % 3 == 0 ? NULL : random_keep(random, text_of(date));
}

void format_check_round_trip(const struct format *format, uint64_t seed, size_t count)
{
	struct format_task *tasks = memory_zeroed(count * sizeof(*tasks));
	struct random random = { .state = seed };

	for (size_t i = 0; i < count; i++) {
		tasks[i].name = random_name(&random);
		tasks[i].note = random_note(&random);
		tasks[i].due_date = random_date(&random, true);
		tasks[i].completed_date =
			check_random(&random.state) % 16 == 0 ? "" : random_date(&random, false);
		tasks[i].priority = (int)(check_random(&random.state) % 4);
		tasks[i].tags = random_tags(&random);
		tasks[i].position = random_position(&random);
	}
	format_check_tasks(format, tasks, count);
	arena_free(&random.arena);
	free(tasks);
}

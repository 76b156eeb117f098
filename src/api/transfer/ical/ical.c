/*
 * Tasks as the to-dos of a calendar (RFC 5545). The reader splits the calendar into its components
 * line by line, so that libical gets one to-do at a time. Any thread.
 */
#include "transfer/format.h"
#include "transfer/ical/ical_own.h"
#include "transfer/ical/ical_todo.h"

#include "base/memory.h"

#include <libical/ical.h>
#include <stdlib.h>

struct ical {
	bool seen; /* a calendar has begun before */
	bool open; /* a calendar has begun, and not ended */
	struct buffer line;
	struct ical_block block; /* a VTODO for libical */
	struct ical_own own;	 /* the rest of it */
	struct ical_zones zones;
	json_t *reported;
};

/* How a component of the calendar is treated. */
enum component { COMPONENT_TODO, COMPONENT_ZONE, COMPONENT_SKIPPED, COMPONENT_PASSED };

static void ical_begin(struct buffer *out)
{
	buffer_add_text(
		out, TEXT("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//todo//todo//EN\r\n"));
}

static void ical_end(struct buffer *out)
{
	buffer_add_text(out, TEXT("END:VCALENDAR\r\n"));
}

static enum component ical_component(const struct ical_line *begin)
{
	static const struct {
		const char *name;
		enum component component;
	} rows[] = {
		{ "VTODO", COMPONENT_TODO },
		{ "VTIMEZONE", COMPONENT_ZONE },
		{ "VEVENT", COMPONENT_SKIPPED },
		{ "VJOURNAL", COMPONENT_SKIPPED },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (ical_line_is(begin, "BEGIN", rows[i].name))
			return rows[i].component;
	}
	return COMPONENT_PASSED;
}

/* Add a line of a VTODO itself. NULL, or a constant sentence if the to-do cannot be read. */
static const char *ical_add(struct reader *reader, struct ical *ical, const struct ical_line *line)
{
	const char *fault = reader_text_fault(line->whole);

	if (fault != NULL)
		return fault;
	if (line->value.data == NULL)
		return "A line in it is none of a calendar.";
	if (!ical_own_add(&ical->own, line) && !ical_todo_add(&ical->block, line))
		reader_report(reader, &ical->reported, "property", line->name, RECORD_LEFT_OUT);
	return NULL;
}

/* A component within a VTODO: it is an alarm, or it is reported and skipped. */
static void ical_begin_inner(
	struct reader *reader, struct ical *ical, const struct ical_line *line)
{
	if (!ical_own_begin(&ical->own, line) && reader_text_fault(line->whole) == NULL)
		reader_report(reader, &ical->reported, "component", text_trim(line->value),
			RECORD_LEFT_OUT);
}

/* Use a line within a component. *why is the first fault of a VTODO. */
static void ical_take(struct reader *reader, struct ical *ical, enum component component,
	const struct ical_line *line, unsigned long depth, const char **why)
{
	bool begin = text_equal_nocase(line->name, TEXT("BEGIN"));
	const char *fault;

	if (component == COMPONENT_ZONE)
		ical_zones_add(&ical->zones, line);
	if (component != COMPONENT_TODO || depth > 2)
		return;
	if (begin) {
		ical_begin_inner(reader, ical, line);
		return;
	}
	if (depth == 2) {
		ical_own_add_alarm(&ical->own, line);
		return;
	}
	fault = ical_add(reader, ical, line);
	if (*why == NULL)
		*why = fault;
}

/* Read up to the END of the component; RECORD_TASK if there is one. */
static enum record ical_read_lines(struct reader *reader, struct ical *ical,
	enum component component, const char *name, const char **why)
{
	const char *start = reader->text.data;
	struct ical_line line;
	unsigned long depth = 1;

	while (ical_line_read(reader, &ical->line, &line)) {
		bool bounded = component == COMPONENT_TODO || component == COMPONENT_ZONE;
		bool end = text_equal_nocase(line.name, TEXT("END"));

		if (bounded && (size_t)(reader->text.data - start) > RECORD_MOST)
			return reader_fatal(reader, RECORD_TOO_LONG);
		depth += text_equal_nocase(line.name, TEXT("BEGIN"));
		if (end && depth == 1)
			return ical_line_is(&line, "END", name)
				       ? RECORD_TASK
				       : reader_fatal(reader, "It ends as something else.");
		if (!end || component == COMPONENT_ZONE)
			ical_take(reader, ical, component, &line, depth, why);
		depth -= end;
	}
	return reader_fatal(reader, "It has no end.");
}

static enum record ical_read_todo(struct reader *reader, struct ical *ical)
{
	const char *why = NULL;
	enum record record;

	ical_own_clear(&ical->own);
	ical_block_begin(&ical->block, TEXT("VTODO"));
	reader->records++;
	record = ical_read_lines(reader, ical, COMPONENT_TODO, "VTODO", &why);
	if (record != RECORD_TASK)
		return record;
	if (why != NULL)
		return reader_bad(reader, why);
	ical_block_end(&ical->block, TEXT("VTODO"));
	record = ical_todo_read(reader, &ical->block, &ical->zones, &ical->reported);
	if (record == RECORD_TASK)
		ical_own_set(&ical->own, reader, &ical->reported);
	return record;
}

static enum record ical_read_zone(struct reader *reader, struct ical *ical)
{
	const char *why = NULL;
	enum record record;

	ical_zones_begin(&ical->zones);
	record = ical_read_lines(reader, ical, COMPONENT_ZONE, "VTIMEZONE", &why);
	if (record == RECORD_TASK)
		ical_zones_end(&ical->zones);
	return record;
}

/* RECORD_END if the component yields no record. */
static enum record ical_read_component(
	struct reader *reader, struct ical *ical, const struct ical_line *begin)
{
	enum component component = ical_component(begin);
	struct text value = text_trim(begin->value);
	enum record record;
	const char *why;
	char *name;

	reader_at_line(reader, reader->line);
	if (component == COMPONENT_TODO)
		return ical_read_todo(reader, ical);
	if (component == COMPONENT_ZONE) {
		record = ical_read_zone(reader, ical);
		return record == RECORD_TASK ? RECORD_END : record;
	}
	name = memory_copy(value.data, value.length);
	record = ical_read_lines(reader, ical, component, name, &why);
	free(name);
	if (record != RECORD_TASK)
		return record;
	return component == COMPONENT_SKIPPED ? RECORD_SKIPPED : RECORD_END;
}

static void ical_begin_calendar(struct ical *ical)
{
	ical_zones_clear(&ical->zones);
	ical->open = ical->seen = true;
}

/* Read a line of the calendar itself. RECORD_END: go on with the next line. */
static enum record ical_read_line(
	struct reader *reader, struct ical *ical, const struct ical_line *line)
{
	reader_at_line(reader, reader->line);
	if (ical->open && ical_line_is(line, "END", "VCALENDAR"))
		ical->open = false;
	else if (ical->open && text_equal_nocase(line->name, TEXT("BEGIN")))
		return line->value.data == NULL ? reader_fatal(reader, "It has no name.")
					      : ical_read_component(reader, ical, line);
	else if (ical->open && text_equal_nocase(line->name, TEXT("END")))
		return reader_fatal(reader, "It ends what has not begun.");
	else if (!ical->open && !ical_line_is(line, "BEGIN", "VCALENDAR"))
		return reader_fatal(reader, "It is not a calendar.");
	else if (!ical->open)
		ical_begin_calendar(ical);
	return RECORD_END;
}

static enum record ical_read(struct reader *reader)
{
	struct ical *ical = reader->state;
	struct ical_line line;
	enum record record;

	if (ical == NULL) {
		ical_todo_setup();
		reader_skip_mark(reader);
		ical = reader->state = memory_zeroed(sizeof(*ical));
	}
	while (ical_line_read(reader, &ical->line, &line)) {
		record = ical_read_line(reader, ical, &line);
		if (record != RECORD_END)
			return record;
	}
	if (ical->seen && !ical->open)
		return RECORD_END;
	reader_at_line(reader, reader->line + 1);
	return reader_fatal(
		reader, ical->seen ? "The calendar has no end." : "It is not a calendar.");
}

static void ical_close(struct reader *reader)
{
	struct ical *ical = reader->state;

	if (ical == NULL)
		return;
	buffer_free(&ical->line);
	buffer_free(&ical->block.text);
	ical_own_clear(&ical->own);
	ical_zones_free(&ical->zones);
	json_decref(ical->reported);
	free(ical);
	reader->state = NULL;
	icalmemory_free_ring(); /* frees what libical keeps for this thread */
}

const struct format format_ical = {
	.name = "ics",
	.media = "text/calendar; charset=\"utf-8\"",
	.file = "todo.ics",
	.begin = ical_begin,
	.write = ical_todo_write,
	.end = ical_end,
	.read = ical_read,
	.close = ical_close,
};

#include "transfer/ical/ical_own.h"

#include "base/date.h"
#include "base/json.h"
#include "calendar/recurrence_rule.h"
#include "transfer/ical/ical_duration.h"

#include <stdio.h>
#include <string.h>

/* Some programs write this for an alarm that is switched off. */
#define NO_ALARM "19760401T005545Z"

static const struct text_property {
	struct text name;
	enum task_column column;
	const char *member;
} texts[] = {
	{ TEXT_INIT("UID"), TASK_uid, "uid" },
	{ TEXT_INIT("X-TODO-LIST"), TASK_list, COLUMN_LIST_NAME },
	{ TEXT_INIT("X-TODO-HEADING"), TASK_heading, "heading" },
	{ TEXT_INIT("X-TODO-REPEAT-FROM"), TASK_repeat_from, "repeat_from" },
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

void ical_own_clear(struct ical_own *own)
{
	json_decref(own->members);
	json_decref(own->triggers);
	*own = (struct ical_own){ 0 };
}

/* ---- reading ---- */

/* Of a property that may come only once, the first one counts. */
static void set_string(struct ical_own *own, const char *member, struct text text)
{
	if (own->members == NULL)
		own->members = json_object();
	if (json_object_get(own->members, member) == NULL)
		json_object_set_new(own->members, member, reader_string(text));
}

/* A text that is empty, or too long for its member, is as if it were not there. */
static bool set_text(struct ical_own *own, enum task_column column, const char *member, struct text raw)
{
	size_t most = column == TASK_heading ? 100 : column == TASK_list ? 200 : 255;
	struct buffer buffer = { 0 };
	struct text text;
	bool fits;

	ical_unescape(&buffer, raw);
	text = text_trim((struct text){ buffer.data, buffer.length });
	fits = text_code_points(text) <= most && !text_has_control(text, "");
	if (fits && text.length > 0)
		set_string(own, member, text);
	buffer_free(&buffer);
	return fits;
}

/* Other relations than that to the parent are not kept. */
static bool add_relation(struct ical_own *own, const struct ical_line *line)
{
	struct text type = ical_line_parameter(line, "RELTYPE");

	if (type.length > 0 && !text_equal_nocase(type, TEXT("PARENT")))
		return false;
	return set_text(own, TASK_parent, COLUMN_PARENT_UID, line->value);
}

/* In its canonical form. */
static bool add_rule(struct ical_own *own, struct text text)
{
	struct recurrence_rule rule;
	struct buffer canonical = { 0 };

	if (recurrence_rule_read(text_trim(text), &rule) != NULL)
		return false;
	recurrence_rule_write(&rule, &canonical);
	set_string(own, "repeat", (struct text){ canonical.data, canonical.length });
	buffer_free(&canonical);
	return true;
}

static bool add_repeat_from(struct ical_own *own, struct text text)
{
	if (!text_equal_nocase(text_trim(text), TEXT("COMPLETION")))
		return false;
	set_string(own, "repeat_from", TEXT("completion"));
	return true;
}

bool ical_own_add(struct ical_own *own, const struct ical_line *line)
{
	size_t i = 0;

	if (text_equal_nocase(line->name, TEXT("RRULE")))
		return add_rule(own, line->value);
	if (text_equal_nocase(line->name, TEXT("RELATED-TO")))
		return add_relation(own, line);
	while (i < TEXTS && !text_equal_nocase(texts[i].name, line->name))
		i++;
	if (i == TEXTS)
		return false;
	return texts[i].column == TASK_repeat_from
		       ? add_repeat_from(own, line->value)
		       : set_text(own, texts[i].column, texts[i].member, line->value);
}

bool ical_own_begin(struct ical_own *own, const struct ical_line *begin)
{
	own->in_alarm = ical_line_is(begin, "BEGIN", "VALARM");
	return own->in_alarm;
}

void ical_own_add_alarm(struct ical_own *own, const struct ical_line *line)
{
	if (!own->in_alarm || !text_equal_nocase(line->name, TEXT("TRIGGER")) ||
		reader_text_fault(line->whole) != NULL || line->value.data == NULL)
		return;
	if (own->triggers == NULL)
		own->triggers = json_array();
	if (json_array_size(own->triggers) <= COLUMN_REMINDERS_MOST)
		json_array_append_new(own->triggers, reader_string(line->whole));
}

/* ---- alarms ---- */

static const char *task_text(const json_t *task, const char *member)
{
	return json_string_value(json_object_get(task, member));
}

/* "20260101T101112Z" as an instant. */
static bool read_instant(struct text text, char date[DATE_SIZE])
{
	char spread[32];

	if (text.length != strlen("20260101T101112Z"))
		return false;
	snprintf(spread, sizeof(spread), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", text.data, text.data + 4,
		text.data + 6, text.data + 9, text.data + 11, text.data + 13);
	return (text.data[8] == 'T' || text.data[8] == 't') && date_parse(text_of(spread), date);
}

/* A trigger counts from the start if nothing else is said; a reminder from the due date. */
static bool set_relative(json_t *task, const struct ical_line *line)
{
	bool from_end = text_equal_nocase(ical_line_parameter(line, "RELATED"), TEXT("END"));
	const char *start = task_text(task, "start_date"), *due = task_text(task, "due_date");
	struct buffer out = { 0 };
	int64_t seconds = 0, gap = 0;
	bool fits = ical_duration_read(text_trim(line->value), &seconds);

	if (!from_end && start != NULL && due != NULL)
		fits = fits && ical_duration_between(due, start, &gap);
	if (gap != 0)
		ical_duration_write(&out, seconds + gap);
	else
		buffer_add_text(&out, text_trim(line->value));
	if (fits)
		column_add_reminder(task, (struct text){ out.data, out.length });
	buffer_free(&out);
	return fits;
}

static bool set_reminder(json_t *task, const struct ical_line *line)
{
	struct text value = text_trim(line->value);
	char date[DATE_SIZE];

	if (text_equal_nocase(value, TEXT(NO_ALARM)))
		return true;
	if (!read_instant(value, date))
		return set_relative(task, line);
	return column_add_reminder(task, text_of(date));
}

static void set_alarms(struct ical_own *own, struct reader *reader, json_t **reported)
{
	const json_t *trigger;
	size_t i;

	json_array_foreach (own->triggers, i, trigger) {
		struct ical_line line;
		bool fits = i < COLUMN_REMINDERS_MOST;

		ical_line_set(&line, (struct text){ json_string_value(trigger),
					     json_string_length(trigger) });
		if (!fits || !set_reminder(reader->task, &line))
			reader_report(reader, reported, "trigger", text_trim(line.value),
				fits ? RECORD_LEFT_OUT_AS("not a time")
				     : RECORD_LEFT_OUT_AS("one of more than 8"));
	}
}

/* What repeats is due. */
void ical_own_set(struct ical_own *own, struct reader *reader, json_t **reported)
{
	const char *rule = task_text(own->members, "repeat");

	if (rule != NULL && task_text(reader->task, "due_date") == NULL) {
		reader_report(reader, reported, "property", TEXT("RRULE"),
			"has no due date beside it and was left out.");
		json_object_del(own->members, "repeat");
	}
	json_object_update(reader->task, own->members);
	set_alarms(own, reader, reported);
}

/* ---- writing ---- */

void ical_own_write(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	if (column_is_text(&task[TASK_uid]))
		ical_line_write_text(out, "UID", task[TASK_uid].text);
	if (column_is_text(&task[TASK_parent]))
		ical_line_write_text(out, "RELATED-TO;RELTYPE=PARENT", task[TASK_parent].text);
	if (column_is_text(&task[TASK_repeat]))
		ical_line_write(out, "RRULE", task[TASK_repeat].text);
	if (column_is_text(&task[TASK_repeat_from]))
		ical_line_write(out, "X-TODO-REPEAT-FROM", TEXT("COMPLETION"));
	if (column_is_text(&task[TASK_list]))
		ical_line_write_text(out, "X-TODO-LIST", task[TASK_list].text);
	if (column_is_text(&task[TASK_heading]))
		ical_line_write_text(out, "X-TODO-HEADING", task[TASK_heading].text);
}

static void write_alarm(struct buffer *out, struct text name, struct text reminder)
{
	bool is_instant = reminder.length > 0 && *reminder.data >= '0' && *reminder.data <= '9';
	char compact[32];

	buffer_add_text(out, TEXT("BEGIN:VALARM\r\nACTION:DISPLAY\r\n"));
	ical_line_write_text(out, "DESCRIPTION", name);
	if (is_instant)
		ical_line_write(out, "TRIGGER;VALUE=DATE-TIME", ical_compact(reminder, compact));
	else
		ical_line_write(out, "TRIGGER;RELATED=END", reminder);
	buffer_add_text(out, TEXT("END:VALARM\r\n"));
}

void ical_own_write_alarms(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	json_t *reminders = column_strings(&task[TASK_reminders]);
	json_t *reminder;
	size_t i;

	json_array_foreach (reminders, i, reminder)
		write_alarm(out, task[TASK_name].text, text_of(json_string_value(reminder)));
	json_decref(reminders);
}

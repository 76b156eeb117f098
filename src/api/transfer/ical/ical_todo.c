/*
 * A to-do of a calendar, read with libical and written without it. libical gets one to-do at a
 * time, and only the lines that a task needs, in a form that it reads correctly. Any thread.
 */
#include "transfer/ical/ical_todo.h"

#include "base/date.h"
#include "transfer/ical/ical_own.h"

#include <libical/ical.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct todo {
	struct reader *reader;
	struct ical_zones *zones;
	json_t **reported;
};

typedef void todo_set(struct todo *todo, icalproperty *property, enum task_column column);

static todo_set todo_set_text, todo_set_date, todo_set_tag, todo_set_number, todo_set_priority,
	todo_set_status, todo_set_percent;

/* The properties of a to-do. A number is a property of this program's own: its row writes it, too. */
static const struct {
	struct text name;
	todo_set *set; /* NULL: known, and not used */
	enum task_column column;
} properties[] = {
	{ TEXT_INIT("SUMMARY"), todo_set_text, TASK_name },
	{ TEXT_INIT("DESCRIPTION"), todo_set_text, TASK_note },
	{ TEXT_INIT("DTSTART"), todo_set_date, TASK_start_date },
	{ TEXT_INIT("DUE"), todo_set_date, TASK_due_date },
	{ TEXT_INIT("STATUS"), todo_set_status, TASK_completed },
	{ TEXT_INIT("COMPLETED"), todo_set_date, TASK_completed_date },
	{ TEXT_INIT("PERCENT-COMPLETE"), todo_set_percent, TASK_completed },
	{ TEXT_INIT("PRIORITY"), todo_set_priority, TASK_priority },
	{ TEXT_INIT("CATEGORIES"), todo_set_tag, TASK_tags },
	{ TEXT_INIT("CREATED"), todo_set_date, TASK_creation_date },
	{ TEXT_INIT("LAST-MODIFIED"), todo_set_date, TASK_modified_date },
	{ TEXT_INIT("X-TODO-POSITION"), todo_set_number, TASK_position },
	{ TEXT_INIT("DTSTAMP"), NULL, 0 },
	{ TEXT_INIT("SEQUENCE"), NULL, 0 },
};

#define PROPERTIES (sizeof(properties) / sizeof(properties[0]))

static void todo_setup_once(void)
{
	icalerror_set_errors_are_fatal(0);
	ical_set_unknown_token_handling_setting(ICAL_ASSUME_IANA_TOKEN);
	icaltimezone_get_utc_timezone(); /* the first call makes its table */
}

void ical_todo_setup(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, todo_setup_once);
}

/*
 * The name of a date with the parameters that give its kind, each once. Other parameters are not
 * used here, and libical would scan to the end of the line for each of them.
 */
static struct buffer todo_date_start(struct text name, const struct ical_line *line)
{
	static const struct text kinds[] = { TEXT_INIT(";TZID="), TEXT_INIT(";VALUE=") };
	const char *end = line->value.data - 1;
	struct text rest = { line->name.data + line->name.length, 0 };
	struct buffer start = { 0 };
	bool seen[2] = { false, false };

	buffer_add_text(&start, name);
	for (rest.length = (size_t)(end - rest.data); rest.length > 0;) {
		struct text after = { rest.data + 1, rest.length - 1 };
		struct text parameter = { rest.data, 1 + ical_line_find(after, ";") };

		for (size_t i = 0; i < 2; i++) {
			struct text key = { parameter.data, kinds[i].length };
			if (seen[i] || parameter.length < key.length ||
				!text_equal_nocase(key, kinds[i]))
				continue;
			buffer_add_text(&start, parameter);
			seen[i] = true;
		}
		rest = (struct text){ rest.data + parameter.length,
			rest.length - parameter.length };
	}
	return start;
}

static void todo_add_date(struct ical_block *block, struct text name, const struct ical_line *line)
{
	struct buffer start = todo_date_start(name, line);

	ical_block_add_line(block, (struct text){ start.data, start.length }, line->value);
	buffer_free(&start);
}

/* Of a property that may come only once, the first one counts. */
bool ical_todo_add(struct ical_block *block, const struct ical_line *line)
{
	struct text value = line->value;
	size_t i = 0;

	while (i < PROPERTIES && !text_equal_nocase(properties[i].name, line->name))
		i++;
	if (i == PROPERTIES)
		return false;
	if (properties[i].set == NULL || value.length == 0 || (block->seen & 1u << i) != 0)
		return true;
	if (properties[i].set == todo_set_tag) {
		ical_block_add_lines(block, properties[i].name, value);
		return true;
	}
	if (properties[i].set != todo_set_text && text_trim(value).length == 0)
		return true;
	if (properties[i].set == todo_set_date)
		todo_add_date(block, properties[i].name, line);
	else
		ical_block_add_line(block, properties[i].name, value);
	block->seen |= 1u << i;
	return true;
}

static void todo_set_text(struct todo *todo, icalproperty *property, enum task_column column)
{
	const char *text = icalvalue_get_text(icalproperty_get_value(property));

	if (text != NULL)
		column_set(todo->reader->task, column, text_of(text));
}

/* When the local time of a property is, by the zone that it names; else it counts as UTC. */
static time_t todo_instant(struct todo *todo, icalproperty *property, time_t local)
{
	icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
	const char *zone = parameter == NULL ? NULL : icalparameter_get_tzid(parameter);
	time_t instant = local;

	if (zone == NULL)
		reader_report(todo->reader, todo->reported, "times without a zone",
			(struct text){ NULL, 0 }, "were taken as UTC.");
	else if (!ical_zones_instant(
			 todo->zones, todo->reader->text, text_of(zone), local, &instant))
		reader_report(todo->reader, todo->reported, "time zone", text_of(zone),
			"is not known, and its times were taken as UTC.");
	return instant;
}

static void todo_make_utc(struct todo *todo, icalproperty *property, char date[DATE_SIZE])
{
	struct tm tm = { 0 };

	strptime(date, "%Y-%m-%dT%H:%M:%SZ", &tm);
	date_format(todo_instant(todo, property, timegm(&tm)), date);
}

static void todo_set_completed(struct todo *todo)
{
	json_object_set_new(todo->reader->task, "completed", json_true());
}

/* A date that does not exist is passed on unchanged: the input check refuses it later. */
static void todo_set_date(struct todo *todo, icalproperty *property, enum task_column column)
{
	icalvalue *value = icalproperty_get_value(property);
	bool day = icalvalue_isa(value) == ICAL_DATE_VALUE;
	icaltimetype time = day ? icalvalue_get_date(value) : icalvalue_get_datetime(value);
	char text[96], date[DATE_SIZE];

	snprintf(text, sizeof(text), day ? "%04d-%02d-%02d" : "%04d-%02d-%02dT%02d:%02d:%02dZ",
		time.year, time.month, time.day, time.hour, time.minute, time.second);
	if (!day && !icaltime_is_utc(time) && date_parse(text_of(text), date)) {
		todo_make_utc(todo, property, date);
		column_set(todo->reader->task, column, text_of(date));
	} else {
		column_set(todo->reader->task, column, text_of(text));
	}
	if (column == TASK_completed_date)
		todo_set_completed(todo);
}

static void todo_set_tag(struct todo *todo, icalproperty *property, enum task_column column)
{
	const char *text = icalvalue_get_text(icalproperty_get_value(property));

	(void)column;
	if (text != NULL && column_add_tag(todo->reader->task, text_of(text)))
		reader_report_tags(todo->reader, todo->reported);
}

static void todo_set_number(struct todo *todo, icalproperty *property, enum task_column column)
{
	const char *text = icalvalue_get_x(icalproperty_get_value(property));

	if (text != NULL)
		column_set(todo->reader->task, column, text_of(text));
}

/* 1 to 4 are high, 5 is the middle, 6 to 9 are low; another number is passed on. */
static void todo_set_priority(struct todo *todo, icalproperty *property, enum task_column column)
{
	static const int levels[] = { 0, 3, 3, 3, 3, 2, 1, 1, 1, 1 };
	int number = icalproperty_get_priority(property);
	bool known = number >= 0 && number < (int)(sizeof(levels) / sizeof(levels[0]));

	json_object_set_new(todo->reader->task, column_name(column).data,
		json_integer(known ? levels[number] : number));
}

static void todo_set_status(struct todo *todo, icalproperty *property, enum task_column column)
{
	icalproperty_status status = icalproperty_get_status(property);
	const char *text = icalproperty_status_to_string(status);

	(void)column;
	if (status == ICAL_STATUS_COMPLETED || status == ICAL_STATUS_CANCELLED)
		todo_set_completed(todo);
	if (status == ICAL_STATUS_CANCELLED)
		reader_report(todo->reader, todo->reported, "status", text_of(text),
			"became completed.");
	else if (status != ICAL_STATUS_COMPLETED && status != ICAL_STATUS_NEEDSACTION)
		reader_report(todo->reader, todo->reported, "status",
			text_of(text != NULL ? text : ""), RECORD_LEFT_OUT);
}

static void todo_set_percent(struct todo *todo, icalproperty *property, enum task_column column)
{
	int percent = icalproperty_get_percentcomplete(property);

	(void)column;
	if (percent == 100)
		todo_set_completed(todo);
	else if (percent != 0)
		reader_report(todo->reader, todo->reported, "PERCENT-COMPLETE",
			(struct text){ NULL, 0 }, "is not kept, but for 100.");
}

/* All extensions are of one kind to libical, so that a property is known by its name alone. */
static void todo_set_property(struct todo *todo, icalproperty *property)
{
	icalproperty_kind kind = icalproperty_isa(property);
	const char *name = kind == ICAL_X_PROPERTY ? icalproperty_get_x_name(property)
						   : icalproperty_kind_to_string(kind);

	for (size_t i = 0; i < PROPERTIES && name != NULL; i++) {
		if (properties[i].set != NULL &&
			text_equal_nocase(properties[i].name, text_of(name)))
			properties[i].set(todo, property, properties[i].column);
	}
}

/*
 * libical replaces a value that it cannot read by an error property. Errors of parameters do not
 * matter.
 */
static bool todo_is_fault(icalproperty *property)
{
	icalparameter *parameter;

	if (icalproperty_isa(property) != ICAL_XLICERROR_PROPERTY)
		return false;
	parameter = icalproperty_get_first_parameter(property, ICAL_XLICERRORTYPE_PARAMETER);
	return parameter != NULL &&
	       icalparameter_get_xlicerrortype(parameter) == ICAL_XLICERRORTYPE_VALUEPARSEERROR;
}

static bool todo_set_properties(struct todo *todo, icalcomponent *component)
{
	icalproperty *property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);

	for (; property != NULL;
		property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
		if (todo_is_fault(property))
			return false;
		todo_set_property(todo, property);
	}
	return true;
}

enum record ical_todo_read(struct reader *reader, struct ical_block *block,
	struct ical_zones *zones, json_t **reported)
{
	struct todo todo = { reader, zones, reported };
	icalcomponent *component;
	bool read;

	component = icalparser_parse_string(block->text.data);
	if (component == NULL)
		return reader_bad(reader, "It cannot be read.");
	reader->task = json_object();
	read = todo_set_properties(&todo, component);
	icalcomponent_free(component);
	if (read) {
		if (json_object_get(reader->task, "name") == NULL)
			column_set(reader->task, TASK_name, (struct text){ NULL, 0 });
		return RECORD_TASK;
	}
	json_decref(reader->task);
	reader->task = NULL;
	return reader_bad(reader, "A date in it cannot be read.");
}

static void todo_write_date(struct buffer *out, const char *name, const struct value *date)
{
	char compact[32], start[32];
	bool day = column_is_text(date) && date->text.length == strlen("YYYY-MM-DD");

	snprintf(start, sizeof(start), "%s%s", name, day ? ";VALUE=DATE" : "");
	if (column_is_text(date))
		ical_line_write(out, start, ical_compact(date->text, compact));
}

static void todo_write_priority(struct buffer *out, const struct value *priority)
{
	static const struct text levels[] = { TEXT_INIT("0"), TEXT_INIT("9"), TEXT_INIT("5"),
		TEXT_INIT("1") };

	if (priority->type == VALUE_INTEGER && priority->integer > 0 && priority->integer < 4)
		ical_line_write(out, "PRIORITY", levels[priority->integer]);
}

static void todo_write_tags(struct buffer *out, const struct value *value)
{
	struct buffer escaped = { 0 };
	json_t *tags = column_strings(value);
	json_t *tag;
	size_t i;

	json_array_foreach (tags, i, tag) {
		if (i > 0)
			buffer_add(&escaped, ",", 1);
		ical_escape(&escaped, text_of(json_string_value(tag)));
	}
	if (escaped.length > 0)
		ical_line_write(out, "CATEGORIES", (struct text){ escaped.data, escaped.length });
	buffer_free(&escaped);
	json_decref(tags);
}

static void todo_write_numbers(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	for (size_t i = 0; i < PROPERTIES; i++) {
		enum task_column column = properties[i].column;
		struct buffer number = { 0 };

		if (properties[i].set != todo_set_number)
			continue;
		column_write(&number, column, &task[column]);
		if (number.length > 0)
			ical_line_write(out, properties[i].name.data,
				(struct text){ number.data, number.length });
		buffer_free(&number);
	}
}

void ical_todo_write(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	const struct value *due = &task[TASK_due_date], *modified = &task[TASK_modified_date];
	bool completed = column_is_true(&task[TASK_completed]);

	buffer_add_text(out, TEXT("BEGIN:VTODO\r\n"));
	ical_own_write(out, task);
	todo_write_date(
		out, "DTSTAMP", column_is_text(modified) ? modified : &task[TASK_creation_date]);
	todo_write_date(out, "CREATED", &task[TASK_creation_date]);
	todo_write_date(out, "LAST-MODIFIED", modified);
	ical_line_write_text(out, "SUMMARY", task[TASK_name].text);
	if (column_is_text(&task[TASK_note]))
		ical_line_write_text(out, "DESCRIPTION", task[TASK_note].text);
	todo_write_date(out, "DTSTART", &task[TASK_start_date]);
	todo_write_date(out, "DUE", due);
	ical_line_write(out, "STATUS", completed ? TEXT("COMPLETED") : TEXT("NEEDS-ACTION"));
	if (completed)
		todo_write_date(out, "COMPLETED", &task[TASK_completed_date]);
	todo_write_priority(out, &task[TASK_priority]);
	todo_write_tags(out, &task[TASK_tags]);
	todo_write_numbers(out, task);
	ical_own_write_alarms(out, task);
	buffer_add_text(out, TEXT("END:VTODO\r\n"));
}

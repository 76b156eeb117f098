/* What a random request sends: values of each type, as JSON, as a form or a query, or as a file. */
#include "api_parts.h"

#include "base/json.h"
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define MAKERS (INPUT_SORT + 1) /* types */

/* Words that a type of input takes, and behind them some that it does not. */
static const char *const texts[] = { "milk", "a b", " x ", "caf\u00E9 \u2615", "\"q\" \\ <b>",
	"a,b;c", "x \u2028 y", "%00", "=1+1", "NEAR(a b, 3) AND *", "due:2026-01-01", "",
	"tab\there" };
static const char *const dates[] = { "2026-11-25", "2026-11-22T16:55:00Z", "",
	"2026-01-01T00:00:00+05:30", "31/12/2026 23:59:59", "2026-02-30",
	"9999-12-31T23:59:59-00:01", "now" };
static const char *const numbers[] = { "1", "2", "3", "0", "5", "20", "1000", "1001", "-1", "1.5",
	"1e3", "9223372036854775807", "99999999999999999999", "007", "" };
static const char *const booleans[] = { "true", "false", "1", "off", "", "maybe" };
static const char *const names[] = { "eve", "Bob.2", "login", "..", "x y", "", "\u00E9" };
static const char *const emails[] = { "eve@example.org", "a@b", "", "a@b@c", "none" };
static const char *const secrets[] = { HARNESS_PASSWORD, "short", "" };
static const char *const labels[] = { "home", "\u00E9t\u00E9", "a,a,b", "Home, garden", "", "a b" };
static const char *const orders[] = { "position", "-position", "due_date,-priority",
	"-modified_date,creation_date,position", "position,position", "priority,name", "", "-" };

static const char *const rules[] = { "FREQ=DAILY", "freq=weekly;byday=th,mo", "FREQ=MONTHLY;COUNT=2",
	"FREQ=YEARLY;UNTIL=20301231", "", "FREQ=HOURLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:" };
static const char *const reminders[] = { "-PT15M", "-P1D, PT0S", "", "2026-11-22T16:55:00Z,P1W", "P1M",
	"soon", "2026-11-22" };
static const char *const zones[] = { "Europe/Berlin", "utc", "America/New_York", "Middle/Earth", "" };

static const char *const lines[] = { "Now", "Later, \u00E9", "", "a\tb" };
static const char *const renames[] = { "{\"from\":\"Now\",\"to\":\"Soon\"}",
	"{\"to\":\"Now\",\"from\":\"Soon\"}", "null", "{\"from\":\"Now\"}", "{\"from\":1,\"to\":\"\"}" };
static const char *const colors[] = { "#0080ff", "#ABCDEF", "", "#08f", "red" };

#define ALL(list) (list), CHECK_COUNT(list)

static const struct maker {
	const char *const *words;
	unsigned count;
	unsigned well;				/* of them are taken */
	enum { AS_TEXT, AS_IS, AS_LIST } shape; /* in JSON */
	unsigned json;				/* how many are JSON as they are */
} makers[MAKERS] = {
	[INPUT_LINE] = { ALL(texts), 11, AS_TEXT, 0 },
	[INPUT_TEXT] = { ALL(texts), 13, AS_TEXT, 0 },
	[INPUT_STRING] = { ALL(texts), 13, AS_TEXT, 0 },
	[INPUT_DATE] = { ALL(dates), 5, AS_TEXT, 0 },
	[INPUT_DAY] = { ALL(dates), 1, AS_TEXT, 0 },
	[INPUT_BOOL] = { ALL(booleans), 5, AS_IS, 2 },
	[INPUT_USERNAME] = { ALL(names), 2, AS_TEXT, 0 },
	[INPUT_EMAIL] = { ALL(emails), 3, AS_TEXT, 0 },
	[INPUT_PASSWORD] = { ALL(secrets), 1, AS_TEXT, 0 },
	[INPUT_INTEGER] = { ALL(numbers), 3, AS_IS, 13 },
	[INPUT_REAL] = { ALL(numbers), 12, AS_IS, 13 },
	[INPUT_TAGS] = { ALL(labels), 2, AS_LIST, 0 },
	[INPUT_TAG] = { ALL(labels), 2, AS_TEXT, 0 },
	[INPUT_REPEAT] = { ALL(rules), 5, AS_TEXT, 0 },
	[INPUT_REMINDERS] = { ALL(reminders), 4, AS_LIST, 0 },
	[INPUT_ZONE] = { ALL(zones), 3, AS_TEXT, 0 },
	[INPUT_LINES] = { ALL(lines), 2, AS_LIST, 0 },
	[INPUT_RENAME] = { ALL(renames), 3, AS_IS, 5 },
	[INPUT_COLOR] = { ALL(colors), 3, AS_TEXT, 0 },
	[INPUT_SEARCH] = { ALL(texts), 13, AS_TEXT, 0 },
	[INPUT_SORT] = { ALL(orders), 4, AS_TEXT, 0 },
};

/* One of the first count words; mostly one that is taken. */
static const char *pick_word(struct api_client *client, const struct maker *maker, unsigned count)
{
	unsigned well = maker->well < count ? maker->well : count;

	return maker->words[api_below(client, api_chance(client, 85) ? well : count)];
}

static const char *pick_choice(struct api_client *client, const char *choices, char word[32])
{
	unsigned skip = api_below(client, 4);

	for (; skip > 0 && strchr(choices, ' ') != NULL; skip--)
		choices = strchr(choices, ' ') + 1;
	snprintf(word, 32, "%.*s", (int)strcspn(choices, " "), choices);
	return word;
}

static const char *pick_words(struct api_client *client, const struct input *input, char word[32])
{
	const struct maker *maker = input->type < MAKERS ? &makers[input->type] : NULL;

	if (input->type == INPUT_CHOICE && api_chance(client, 90))
		return pick_choice(client, input->choices, word);
	if (maker == NULL || maker->words == NULL)
		return PICK(client, texts);
	return pick_word(client, maker, maker->count);
}

static void add_text(struct buffer *out, const char *text)
{
	buffer_add_text(out, text_of(text));
}

static void add_encoded(struct buffer *out, const char *text)
{
	for (; *text != '\0'; text++)
		buffer_add_format(out,
			strchr("&=+% #\"<>\\^`{|}", *text) || (*text & 0x80) ||
					(unsigned char)*text < 0x20
				? "%%%02X"
				: "%c",
			(unsigned char)*text);
}

static void add_object(struct api_client *client, struct buffer *out, const struct endpoint *row);

/* Rows that say what an item of another row is like. */
static const struct endpoint *find_row(const struct api_client *client, const char *path)
{
	for (unsigned i = 0; i < client->count; i++)
		if (strcmp(client->rows[i]->path, path) == 0 && client->rows[i]->method == POST)
			return client->rows[i];
	return client->rows[0];
}

static void add_items(struct api_client *client, struct buffer *out)
{
	unsigned count = api_below(client, 6);

	add_text(out, "[");
	for (unsigned i = 0; i < count; i++) {
		add_text(out, i > 0 ? "," : "");
		add_object(client, out, find_row(client, "/batch/item"));
	}
	add_text(out, "]");
}

static void add_list(
	struct api_client *client, const struct maker *maker, struct buffer *out)
{
	unsigned count = api_below(client, 4);

	add_text(out, "[");
	for (unsigned i = 0; i < count; i++) {
		add_text(out, i > 0 ? "," : "");
		json_write_text(out, text_of(pick_word(client, maker, maker->count)));
	}
	add_text(out, "]");
}

static void add_json(struct api_client *client, struct buffer *out, const struct input *input)
{
	static const char *const others[] = { "null", "true", "[]", "{}", "1.5", "\"x\"", "-1" };
	const struct maker *maker = input->type < MAKERS ? &makers[input->type] : NULL;
	char word[32];

	if (input->type == INPUT_READ_ONLY || api_chance(client, 6))
		add_text(out, PICK(client, others));
	else if (input->type == INPUT_ITEMS)
		add_items(client, out);
	else if (input->type == INPUT_OBJECT)
		add_object(client, out, find_row(client, "/api/v1/accounts/{username}/tasks"));
	else if (maker != NULL && maker->words != NULL && maker->shape == AS_LIST)
		add_list(client, maker, out);
	else if (maker != NULL && maker->words != NULL && maker->shape == AS_IS)
		add_text(out, pick_word(client, maker, maker->json));
	else
		json_write_text(out, text_of(pick_words(client, input, word)));
}

static bool is_sent(struct api_client *client, const struct input *input, enum source source)
{
	unsigned percent = 40;

	if (input->required)
		percent = 96;
	else if (input->type == INPUT_READ_ONLY)
		percent = 4;
	else if (source == IN_QUERY)
		percent = 15;
	return input->source == source && api_chance(client, percent);
}

static void add_object(struct api_client *client, struct buffer *out, const struct endpoint *row)
{
	const char *comma = "";

	add_text(out, "{");
	for (int i = 0; i < ENDPOINT_INPUTS && row->input[i].name != NULL; i++) {
		if (!is_sent(client, &row->input[i], IN_BODY))
			continue;
		buffer_add_format(out, "%s\"%s\":", comma, row->input[i].name);
		add_json(client, out, &row->input[i]);
		comma = ",";
	}
	if (api_chance(client, 2))
		buffer_add_format(out, "%s\"colour\":1", comma);
	add_text(out, "}");
}

void api_add_form(struct api_client *client, struct buffer *out, const struct endpoint *row,
	enum source source)
{
	char word[32];

	for (int i = 0; i < ENDPOINT_INPUTS && row->input[i].name != NULL; i++) {
		if (!is_sent(client, &row->input[i], source))
			continue;
		buffer_add_format(out, "%s%s=", out->length > 0 ? "&" : "", row->input[i].name);
		add_encoded(out, pick_words(client, &row->input[i], word));
	}
	if (api_chance(client, 2))
		add_text(out, "&colour=%zz");
}

/* A file of one format or another, to be imported as whatever the query says. */
static void add_file(struct api_client *client, struct buffer *out)
{
	static const char *const files[] = {
		"name,tags,due_date\r\na,\"b,c\",2026-11-25\r\nd,,\r\n",
		"x 2026-01-02 2026-01-01 a +t due:2026-01-01\n(B) y note:b%20c\n",
		"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:x\r\nDUE;VALUE=DATE:20260101\r\n"
		"END:VTODO\r\nEND:VCALENDAR\r\n",
		"{\"tasks\":[{\"name\":\"a\",\"tags\":[\"t\"]}],\"trash\":[{\"name\":\"b\","
		"\"deleted_date\":\"2026-11-01T00:00:00Z\"}]}",
		"{\"tasks\":[", ""
	};

	add_text(out, PICK(client, files));
}

/* A few bytes that were not meant so. */
static void damage(struct api_client *client, struct buffer *body)
{
	static const char bytes[] = "\"{}[],:\\\n\0\x80\xC3%&=";

	for (unsigned n = 1 + api_below(client, 3); n > 0 && body->length > 0; n--)
		body->data[api_below(client, (unsigned)body->length)] =
			bytes[api_below(client, sizeof(bytes))];
}

const char *api_make_body(
	struct api_client *client, struct buffer *body, const struct endpoint *row)
{
	static const char form[] = "application/x-www-form-urlencoded";
	static const char *const types[] = { "application/json", "application/json; charset=utf-8",
		"application/merge-patch+json", "text/plain", "application/octet-stream", form };
	bool as_form = !row->raw && api_chance(client, 15);

	if (row->raw)
		add_file(client, body);
	else if (as_form)
		api_add_form(client, body, row, IN_BODY);
	else if (!api_chance(client, 3))
		add_object(client, body, row);
	if (api_chance(client, 4))
		damage(client, body);
	if (as_form)
		return form;
	if (api_chance(client, 8))
		return PICK(client, types);
	return row->raw ? "application/octet-stream" : "application/json";
}

/*
 * What a request costs the server grows with its length and no faster, whatever it contains: inputs
 * of each kind, some of them valid and awkward, at 1, 2, 4 and 8 times a length. A request without
 * a session takes no more memory than eight times its length.
 */
#include "base/buffer.h"
#include "base/text.h"
#include "fixture.h"
#include "scrape.h"
#include "user.h"
#include "vitals.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* A sanitizer slows everything, and its own memory says nothing of the server's. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEASURES false
#define ROUNDS 1
#define REQUESTS 1
#else
#define MEASURES true
#define ROUNDS 2
#define REQUESTS 2
#endif

#define KIB ((size_t)1 << 10)
#define TIMES 8 /* the longest of them to the shortest */
#define MARGIN 1.7
#define GRAIN_NS (1.0e6 * REQUESTS) /* what a request may cost beside its length */
#define BYTE_NS 250.0		    /* the most that a byte of any of them may cost */
#define SLACK_KB 1024		    /* that the allocator and the sockets take */
#define AT_ONCE 8		    /* requests whose memory is looked at together */

#define TASKS "/api/v1/accounts/ann/tasks"
#define BATCH TASKS "/batch"
#define PROFILE "/api/v1/accounts/ann"
#define LOGIN "/api/v1/accounts/login"
#define REGISTER "/api/v1/accounts"
#define IMPORT "/api/v1/accounts/ann/import?dry_run=true&format="
#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"
#define OCTETS "application/octet-stream"

/* Where the repeated part is. */
enum place { IN_BODY, IN_QUERY, IN_HEADERS };

enum sender { STRANGER_SENDS, BOTH_SEND };

/* begin, then unit up to the wanted length, then end; "%x" in the unit is its number. */
struct load {
	const char *name, *method, *path, *type;
	const char *begin, *unit, *end;
	size_t most; /* bytes of the longest */
	enum sender sender;
	enum place place;
};

#define IN_TASK(name, begin, unit, end)                                                            \
	{                                                                                          \
		name, "POST", TASKS, JSON, begin, unit, end, 1020 * KIB, BOTH_SEND, IN_BODY        \
	}
#define IN_PATCH(name, begin, unit, end)                                                           \
	{                                                                                          \
		name, "PATCH", TASKS "/1", JSON, begin, unit, end, 60 * KIB, BOTH_SEND, IN_BODY    \
	}
#define IN_FORM(name, begin, unit, end)                                                            \
	{                                                                                          \
		name, "POST", TASKS, FORM, begin, unit, end, 1020 * KIB, BOTH_SEND, IN_BODY        \
	}
#define IN_BATCH(name, begin, unit, end)                                                           \
	{                                                                                          \
		name, "POST", BATCH, JSON, begin, unit, end, 4000 * KIB, BOTH_SEND, IN_BODY        \
	}
#define FROM_ANYONE(name, path, type, begin, unit, end)                                            \
	{                                                                                          \
		name, "POST", path, type, begin, unit, end, 63 * KIB, STRANGER_SENDS, IN_BODY      \
	}
#define IN_FILE(name, format, begin, unit, end)                                                    \
	{                                                                                          \
		name, "POST", IMPORT format, OCTETS, begin, unit, end, 1000 * KIB, BOTH_SEND,      \
			IN_BODY                                                                    \
	}
#define IN_HEAD(name, begin, unit, end)                                                            \
	{                                                                                          \
		name, "GET", TASKS "?limit=1", NULL, begin, unit, end, 15 * KIB, BOTH_SEND,        \
			IN_HEADERS                                                                 \
	}
#define IN_LIST(name, begin, unit, end)                                                            \
	{                                                                                          \
		name, "GET", TASKS, NULL, begin, unit, end, 7 * KIB, BOTH_SEND, IN_QUERY           \
	}

#define CALENDAR "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
#define TODO CALENDAR "BEGIN:VTODO\r\nSUMMARY:x\r\n"
#define TODO_END "\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
#define ZONE                                                                                       \
	CALENDAR "BEGIN:VTIMEZONE\r\nTZID:here\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"   \
		 "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
#define ZONE_END "END:STANDARD\r\nEND:VTIMEZONE\r\n"

static const struct load loads[] = {
	IN_TASK("tags", "{\"name\":\"x\",\"tags\":[", "\"%06x\",", "\"z\"]}"),
	IN_TASK("the same tag", "{\"name\":\"x\",\"tags\":[", "\"abcdefgh\",", "\"abcdefgh\"]}"),
	IN_TASK("long tags", "{\"name\":\"x\",\"tags\":[\"", "a", "\"]}"),
	IN_TASK("tags that are none", "{\"name\":\"x\",\"tags\":[", "{},", "{}]}"),
	IN_TASK("values that nobody sets", "{\"name\":\"x\",\"msg\":[", "{},", "{}]}"),
	IN_TASK("deep values", "{\"name\":\"x\",\"msg\":[",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],", "1]}"),
	IN_TASK("members of values", "{\"name\":\"x\",\"msg\":{", "\"%06x\":0,", "\"z\":0}}"),
	IN_TASK("short objects", "{\"name\":\"x\",\"msg\":[", "{\"a\":1,\"b\":2},", "{}]}"),
	IN_TASK("unknown members", "{\"name\":\"x\",", "\"%06x\":0,", "\"z\":0}"),
	IN_TASK("escaped members", "{\"name\":\"x\",", "\"\\u00e9%06x\":0,", "\"z\":0}"),
	IN_TASK("a long member", "{\"name\":\"x\",\"", "~\\/", "\":0}"),
	IN_TASK("escapes", "{\"name\":\"x\",\"note\":\"", "\\u00e9\\n", "\"}"),
	IN_TASK("surrogate pairs", "{\"name\":\"x\",\"note\":\"", "\\ud83d\\ude00", "\"}"),
	IN_TASK("a long name", "{\"name\":\"", " x", "\"}"),
	IN_TASK("a name of space", "{\"name\":\"", "\\u2003", "\"}"),
	IN_TASK("integers", "{\"name\":\"x\",\"msg\":[", "9223372036854775807,", "1]}"),
	IN_TASK("reals", "{\"name\":\"x\",\"msg\":[", "1.7976931348623157e308,", "1]}"),
	IN_TASK("a long real", "{\"name\":\"x\",\"position\":0.", "7", "}"),
	IN_TASK("white space", "{\"name\":\"x\"", " \n\t", "}"),
	IN_TASK("brackets alone", "", "[", ""),
	IN_TASK("what does not end", "{\"name\":\"", "x", ""),

	IN_PATCH("tags of a patch", "{\"name\":\"x\",\"tags\":[", "\"%06x\",", "\"z\"]}"),
	IN_PATCH("values of a patch", "{\"name\":\"x\",\"msg\":[", "{},", "{}]}"),
	IN_PATCH("members of a patch", "{\"name\":\"x\",", "\"%04x\":0,", "\"z\":0}"),
	IN_PATCH("a note of a patch", "{\"note\":\"", "\\u00e9", "\"}"),

	IN_FORM("tags of a form", "name=x&tags=", "%06x%%2C", "z"),
	IN_FORM("the same tag of a form", "name=x&tags=", "abcdefgh,", "z"),
	IN_FORM("members of a form", "name=x", "&%06x=1", ""),
	IN_FORM("nothing between", "name=x", "&", ""),
	IN_FORM("spaces of a form", "name=x&note=", "+%%0D%%0A", "x"),
	IN_FORM("a long member of a form", "name=x&", "%%7E", "=1"),

	IN_BATCH("items", "{\"items\":[", "{\"op\":\"create\",\"task\":{\"name\":\"%x\"}},", "1]}"),
	IN_BATCH("items that are none", "{\"items\":[", "{},", "{}]}"),
	IN_BATCH("tags of an item",
		"{\"items\":[{\"op\":\"create\",\"task\":{\"name\":\"x\",\"tags\":[", "\"%06x\",",
		"1]}}]}"),
	IN_BATCH("what is no member of an item", "{\"items\":[{", "\"%06x\":0,", "\"op\":1}]}"),
	IN_BATCH("a note of an item", "{\"items\":[{\"op\":\"create\",\"task\":{\"note\":\"",
		"\\\"", "\"}}]}"),
	IN_BATCH("an unset member of an item", "{\"items\":[{\"op\":\"create\",\"task\":{\"msg\":[",
		"{},", "1]}}]}"),

	FROM_ANYONE(
		"a login with values", LOGIN, JSON, "{\"username\":\"x\",\"msg\":[", "{},", "{}]}"),
	FROM_ANYONE("a login with members", LOGIN, JSON, "{\"username\":\"x\",", "\"%04x\":{},",
		"\"z\":0}"),
	FROM_ANYONE("a login with many in one", LOGIN, JSON, "{\"username\":\"x\",\"token\":{",
		"\"%04x\":0,", "\"z\":0}}"),
	FROM_ANYONE("a login with a long name", LOGIN, JSON, "{\"username\":\"", "\\n", "\"}"),
	FROM_ANYONE("a login by form", LOGIN, FORM, "username=", "%%41+", ""),
	FROM_ANYONE("a login by a form with members", "/plain/login", FORM, "username=x", "&%04x=1",
		""),
	FROM_ANYONE("a registration with values", REGISTER, JSON, "{\"username\":\"x\",\"msg\":[",
		"{},", "{}]}"),
	FROM_ANYONE("a registration with an email", REGISTER, JSON, "{\"email\":\"", "a@", "\"}"),
	FROM_ANYONE("a registration by form", "/plain/register", FORM, "username=", "%%41+", ""),
	{ "a profile with values", "PUT", PROFILE, JSON, "{\"msg\":[", "{},", "{}]}", 63 * KIB,
		BOTH_SEND, IN_BODY },

	IN_FILE("tags of a record", "json", "{\"tasks\":[{\"name\":\"x\",\"tags\":[", "\"%06x\",",
		"\"z\"]}]}"),
	IN_FILE("values of a record", "json", "{\"tasks\":[{\"name\":\"x\",\"foo\":[", "{},",
		"1]}]}"),
	IN_FILE("members of a record", "json", "{\"tasks\":[{\"name\":\"x\"", ",\"%06x\":0", "}]}"),
	IN_FILE("records", "json", "{\"tasks\":[{\"name\":\"x\"}", ",{\"name\":\"%x\"}", "]}"),
	IN_FILE("lists of records", "json", "{\"foo\":0", ",\"%x\":{\"a\":[]}", ",\"tasks\":[]}"),
	IN_FILE("a member again and again", "json", "{\"foo\":0", ",\"foo\":0", ",\"tasks\":[]}"),
	IN_FILE("an escaped record", "json", "{\"tasks\":[{\"name\":\"x\",\"note\":\"",
		"\\u00e9\\n", "\"}]}"),
	IN_FILE("columns", "csv", "name", ",%06x", "\nx\n"),
	IN_FILE("columns without a name", "csv", "name", ",", "\nx\n"),
	IN_FILE("cells", "csv", "name\nx", ",", "\n"),
	IN_FILE("tags of a cell", "csv", "name,tags\nx,\"", "%06x,", "\"\n"),
	IN_FILE("tags with spaces", "csv", "name,tags\nx,\"", "a b c d\n", "\"\n"),
	IN_FILE("quotes", "csv", "name,note\nx,\"", "\"\"\r\n", "\"\n"),
	IN_FILE("a quote that does not end", "csv", "name,note\nx,\"", "\"\"a\r\n", ""),
	IN_FILE("stray quotes", "csv", "name\n", "\"a\"b,\"\n", ""),
	IN_FILE("rows", "csv", "name\n", "%x\n", ""),
	IN_FILE("empty rows", "csv", "name\n", "\r\n", ""),
	IN_FILE("words", "todo.txt", "x", " %x", "\n"),
	IN_FILE("tags of words", "todo.txt", "x", " +%06x", "\n"),
	IN_FILE("the same word tag", "todo.txt", "x", " +a", "\n"),
	IN_FILE("keys of words", "todo.txt", "x", " a%x:b", "\n"),
	IN_FILE("notes of words", "todo.txt", "x", " note:%%20", "\n"),
	IN_FILE("spaces of words", "todo.txt", "x", " ", "\n"),
	IN_FILE("lines", "todo.txt", "", "%x\n", ""),
	IN_FILE("lines of space", "todo.txt", "", " \t\n", ""),
	IN_FILE("folds", "ics", TODO "DESCRIPTION:x", "\r\n a\\n", TODO_END),
	IN_FILE("folded words", "ics", TODO "DESCRIPTION:x",
		"\r\n aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", TODO_END),
	IN_FILE("a long line", "ics", TODO "DESCRIPTION:", "a\\,", TODO_END),
	IN_FILE("a long summary", "ics", TODO "SUMMARY;X=", "a", ":x" TODO_END),
	IN_FILE("quoted parameters", "ics", TODO "DUE;X=\"", "a:;", "\":20260101" TODO_END),
	IN_FILE("parameters", "ics", TODO "DUE", ";X-%06x=a", ":20260101" TODO_END),
	IN_FILE("categories", "ics", TODO "CATEGORIES:a", ",%06x", TODO_END),
	IN_FILE("lines of categories", "ics", TODO, "CATEGORIES:%06x\r\n",
		"END:VTODO\r\nEND:VCALENDAR\r\n"),
	IN_FILE("properties", "ics", TODO, "X-%06x:1\r\n", "END:VTODO\r\nEND:VCALENDAR\r\n"),
	IN_FILE("alarms", "ics", TODO, "BEGIN:VALARM\r\nEND:VALARM\r\n",
		"END:VTODO\r\nEND:VCALENDAR\r\n"),
	IN_FILE("deep components", "ics", TODO, "BEGIN:VALARM\r\n",
		"END:VTODO\r\nEND:VCALENDAR\r\n"),
	IN_FILE("to-dos", "ics", CALENDAR, "BEGIN:VTODO\r\nSUMMARY:%x\r\nEND:VTODO\r\n",
		"END:VCALENDAR\r\n"),
	IN_FILE("events", "ics", CALENDAR, "BEGIN:VEVENT\r\nEND:VEVENT\r\n", "END:VCALENDAR\r\n"),
	IN_FILE("dates of a zone", "ics", ZONE "RDATE:19700101T000000", ",19710101T000000",
		"\r\n" ZONE_END "END:VCALENDAR\r\n"),
	IN_FILE("parts of a zone", "ics", ZONE, ZONE_END "BEGIN:STANDARD\r\n",
		ZONE_END "END:VCALENDAR\r\n"),
	IN_FILE("ends of a zone", "ics", ZONE, "END:STANDARD\r\n", ZONE_END "END:VCALENDAR\r\n"),
	IN_FILE("rules of a zone", "ics", ZONE "RRULE:FREQ=YEARLY", ";WKST=SU",
		"\r\n" ZONE_END "END:VCALENDAR\r\n"),
	IN_FILE("zones", "ics", CALENDAR,
		"BEGIN:VTIMEZONE\r\nTZID:%x\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
		"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
		"END:VCALENDAR\r\n"),
	IN_FILE("to-dos in a zone", "ics", ZONE ZONE_END,
		"BEGIN:VTODO\r\nSUMMARY:%x\r\nDUE;TZID=here:20260101T000000\r\nEND:VTODO\r\n",
		"END:VCALENDAR\r\n"),

	IN_HEAD("entity tags", "If-None-Match: \"a\"", ", \"r%x\"", "\r\n"),
	IN_HEAD("lines of entity tags", "", "If-None-Match: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\r\n",
		""),
	IN_HEAD("cookies", "Cookie: a=b", "; todo_session=%x", "\r\n"),
	IN_HEAD("addresses", "X-Forwarded-For: 127.0.0.1", ",127.0.0.1", "\r\n"),
	IN_HEAD("lines of addresses", "", "X-Forwarded-For: 127.0.0.1, 127.0.0.2\r\n", ""),
	IN_HEAD("encodings", "Accept-Encoding: a", ",a%x;q=0.5", "\r\n"),
	IN_HEAD("types", "Accept: a/b", ",a/%x;q=0.5", "\r\n"),
	IN_HEAD("other headers", "", "X-%x: aaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", ""),

	IN_LIST("tags of a query", "?", "tag=%x&", "tag=z"),
	IN_LIST("the same tag of a query", "?", "tag=abcdefgh&", "tag=abcdefgh"),
	IN_LIST("words of a query", "?q=a", "+%x", ""),
	IN_LIST("spaces of a query", "?q=a", "+", ""),
	IN_LIST("orders", "?sort=priority", ",-due_date", ""),
	IN_LIST("a cursor", "?limit=1&cursor=", "W10", ""),
	IN_LIST("nothing in a query", "?limit=1", "&", ""),
	IN_LIST("parameters of a query", "?limit=1", "&limit=1", ""),
};

static struct user ann;

static void setup(void)
{
	struct client client;

	fixture_setup();
	ck_assert(harness_start(&h,
		WORDS("--port", "0", "--db", h.database, "--trusted-proxy", "127.0.0.0/8"), NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
	ck_assert_int_gt(user_post(&client, &ann, "first"), 0);
	client_close(&client);
}

/* The repeated part, of so many bytes or a few less. */
static struct buffer load_make(const struct load *load, size_t length)
{
	size_t ends = strlen(load->begin) + strlen(load->end);
	struct buffer text = { 0 };
	char unit[256];

	buffer_add_text(&text, text_of(load->begin));
	for (unsigned i = 0;; i++) {
		int size = snprintf(unit, sizeof(unit), load->unit, i);
		if (text.length + (size_t)size + ends - strlen(load->begin) > length)
			break;
		buffer_add(&text, unit, (size_t)size);
	}
	buffer_add_text(&text, text_of(load->end));
	return text;
}

/* The whole of the request. */
static struct buffer request_make(const struct load *load, size_t length, bool known)
{
	struct buffer text = load_make(load, length), all = { 0 };
	struct buffer query = load->place == IN_QUERY ? text : (struct buffer){ 0 };
	struct buffer head = load->place == IN_HEADERS ? text : (struct buffer){ 0 };

	buffer_add_format(&all, "%s %s", load->method, load->path);
	buffer_add(&all, query.data, query.length);
	buffer_add_text(&all, TEXT(" HTTP/1.1\r\nHost: localhost\r\n"));
	buffer_add_format(&all, "Authorization: Bearer %s\r\n", known ? ann.token : "td_nonsense");
	buffer_add(&all, head.data, head.length);
	if (load->place == IN_BODY)
		buffer_add_format(&all, "Content-Type: %s\r\nContent-Length: %zu\r\n", load->type,
			text.length);
	buffer_add_text(&all, TEXT("\r\n"));
	if (load->place == IN_BODY)
		buffer_add(&all, text.data, text.length);
	buffer_free(&text);
	return all;
}

/* The processor time that the server has had, in nanoseconds. */
static double server_ns(void)
{
	struct timespec time;
	clockid_t clock;

	ck_assert_int_eq(clock_getcpuclockid(h.pid, &clock), 0);
	ck_assert_int_eq(clock_gettime(clock, &time), 0);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* The same request several times; the status of the last reply. */
static int requests_send(const struct load *load, const struct buffer *text)
{
	int status = 0;

	for (int i = 0; i < REQUESTS; i++) {
		struct client client;

		ck_assert(client_open(&client, h.port));
		client_send(&client, text->data, text->length);
		status = user_read_status(&client, load->method);
		ck_assert_msg(status >= 200 && status < 500, "%s: %d", load->name, status);
		client_close(&client);
	}
	return status;
}

/* The least of several measurements, so that other work of the machine counts little. */
static double cost_of(const struct load *load, size_t length, bool known, int *status)
{
	struct buffer text = request_make(load, length, known);
	double least = 0;

	for (int i = 0; i < ROUNDS; i++) {
		double before = server_ns();

		*status = requests_send(load, &text);
		double cost = server_ns() - before;
		least = i == 0 || cost < least ? cost : least;
	}
	buffer_free(&text);
	return least;
}

/* One measurement; false if the longest requests cost too much for their length. */
static bool is_linear(const struct load *load, bool known, int *status)
{
	double first = 0, cost = 0;
	bool linear = true;

	for (size_t times = 1; times <= TIMES; times *= 2) {
		size_t length = load->most / TIMES * times;

		cost = cost_of(load, length, known, status);
		first = times == 1 ? cost : first;
		if (getenv("LINEAR_COST_TOLD") != NULL)
			fprintf(stderr, "%-32s %s %zu: %.0f us, %.1f ns/B, %d\n", load->name,
				known ? "owner" : "stranger", length, cost / 1e3 / REQUESTS,
				cost / REQUESTS / (double)length, *status);
		linear = linear && cost <= first * (double)times * MARGIN + GRAIN_NS;
	}
	return linear && cost <= (double)load->most * REQUESTS * BYTE_NS + GRAIN_NS;
}

/* Other work of the machine may disturb a measurement, but hardly three of them. */
static void expect_linear(const struct load *load, bool known)
{
	bool linear = false;
	int status = 0;

	for (int i = 0; i < 3 && !linear; i++)
		linear = is_linear(load, known, &status) || !MEASURES;
	ck_assert_msg(linear, "%s, from %s: LINEAR_COST_TOLD=1 shows what it cost", load->name,
		known ? "its owner" : "a stranger");
	ck_assert_msg(known || load->sender == STRANGER_SENDS || status == 401 || status == 400,
		"%s: %d", load->name, status);
}

/* Many clients without a session at once; requests that reach the store wait for it. */
static void strangers_send(const struct load *load, const struct buffer *text)
{
	struct client clients[AT_ONCE];
	sqlite3 *writer;

	ck_assert_int_eq(sqlite3_open(h.database, &writer), SQLITE_OK);
	sqlite3_busy_timeout(writer, HARNESS_DEADLINE_MS);
	ck_assert_int_eq(sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);

	for (int i = 0; i < AT_ONCE; i++) {
		ck_assert(client_open(&clients[i], h.port));
		client_send(&clients[i], text->data, text->length - 1);
	}
	for (int i = 0; i < AT_ONCE; i++)
		client_send(&clients[i], text->data + text->length - 1, 1);
	scrape_value(&h, "todo_http_requests_in_flight"); /* behind it all of them were read */
	sqlite3_close(writer);
	for (int i = 0; i < AT_ONCE; i++) {
		int status = user_read_status(&clients[i], load->method);
		ck_assert_msg(status >= 400 && status < 500, "%s: %d", load->name, status);
		client_close(&clients[i]);
	}
}

/* The longest body that the loop reads, and the longest that is read without a session. */
static const size_t lengths[] = { 15 * KIB, 63 * KIB };

START_TEST(memory_is_bounded)
{
	const struct load *load = &loads[_i / (int)CHECK_COUNT(lengths)];
	size_t least = lengths[_i % (int)CHECK_COUNT(lengths)];
	size_t length = load->most < least ? load->most : least;
	struct buffer text = request_make(load, length, false);
	long most = (long)(AT_ONCE * (8 * text.length + 64 * KIB) / KIB) + SLACK_KB;
	long before = vitals_peak_anew(h.pid);

	strangers_send(load, &text);
	long kb = vitals_peak(h.pid) - before;
	ck_assert_msg(!MEASURES || kb <= most, "%s: %ld kB, of %ld", load->name, kb, most);
	buffer_free(&text);
}
END_TEST

START_TEST(cost_is_linear)
{
	const struct load *load = &loads[_i];

	expect_linear(load, false);
	if (load->sender != STRANGER_SENDS)
		expect_linear(load, true);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_unchecked_fixture(test_case, setup, fixture_teardown);
	tcase_set_timeout(test_case, 300);
	tcase_add_loop_test(
		test_case, memory_is_bounded, 0, CHECK_COUNT(loads) * CHECK_COUNT(lengths));
	tcase_add_loop_test(test_case, cost_is_linear, 0, CHECK_COUNT(loads));
}

int main(void)
{
	return check_main("linear_cost", add);
}

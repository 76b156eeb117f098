/*
 * Whether a text is JSON. Each byte is read once, and nothing is built. Any thread.
 */
#include "base/json_scan.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_SIZE 64 /* of a number that is copied to the stack, terminated */
#define NAMES_FIRST 64

/*
 * The names of the members so far, as a set of hashes under a key that is not known outside: nobody
 * can choose names whose hashes collide, so that each costs the same. Two different names with the
 * same hash of 64 bits are not to be expected (of a hundred thousand, once in four thousand million
 * texts). Zeroed is empty.
 */
struct names {
	uint64_t *slot; /* open addressing; 0 is free */
	size_t size;	/* a power of two */
	size_t count;
};

/* The next thing that the grammar allows. */
enum turn {
	TURN_VALUE,
	TURN_ELEMENT, /* the first of an array, or its end */
	TURN_MEMBER,  /* the first of an object, or its end */
	TURN_NAME,    /* of a member, after a comma */
	TURN_BETWEEN, /* a comma, or the end of what is open */
	TURN_DONE,
};

struct scanner {
	const char *at, *end;
	struct json_scan *scan;
	enum turn turn;
	unsigned open;			  /* objects and arrays that have not ended */
	uint32_t object[JSON_DEPTH_MOST]; /* the number of each, counted from 1; 0: an array */
	uint32_t objects;		  /* that have begun */
	struct names names;
	struct buffer name; /* that was unescaped */
};

/* ---- names of members ---- */

static unsigned char names_key[crypto_shorthash_KEYBYTES];

static void names_make_key(void)
{
	randombytes_buf(names_key, sizeof(names_key));
}

static uint64_t names_hash(const void *bytes, size_t length)
{
	unsigned char hash[crypto_shorthash_BYTES];
	uint64_t number;

	crypto_shorthash(hash, bytes, length, names_key);
	memcpy(&number, hash, sizeof(number));
	return number;
}

/* Where the hash is, or would be. */
static uint64_t *names_place(const struct names *names, uint64_t hash)
{
	size_t at = (size_t)hash & (names->size - 1);

	while (names->slot[at] != 0 && names->slot[at] != hash)
		at = (at + 1) & (names->size - 1);
	return &names->slot[at];
}

static void names_resize(struct names *names, size_t size)
{
	struct names old = *names;

	names->slot = memory_zeroed(size * sizeof(*names->slot));
	names->size = size;
	for (size_t i = 0; i < old.size; i++)
		if (old.slot[i] != 0)
			*names_place(names, old.slot[i]) = old.slot[i];
	free(old.slot);
}

/* Note a member of an object, which goes by a number; false where it is there already. */
static bool names_add(struct names *names, uint32_t object, struct text name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	uint64_t member[2];

	pthread_once(&once, names_make_key);
	member[0] = names_hash(name.data, name.length);
	member[1] = object;
	uint64_t hash = names_hash(member, sizeof(member)) | 1; /* 0 is no hash */

	if (names->count >= names->size / 4 * 3)
		names_resize(names, names->size == 0 ? NAMES_FIRST : names->size * 2);
	uint64_t *place = names_place(names, hash);
	if (*place == hash)
		return false;
	*place = hash;
	names->count++;
	return true;
}

/* ---- what comes next ---- */

static struct text scan_rest(const struct scanner *scanner)
{
	return (struct text){ scanner->at, (size_t)(scanner->end - scanner->at) };
}

/* The fault of a byte that is not allowed here. */
static enum json_fault scan_stray(const struct scanner *scanner)
{
	struct text rest = scan_rest(scanner);
	size_t length = 1;

	if (*scanner->at == '\0')
		return JSON_HAS_NUL;
	while (length < 4 && length < rest.length &&
		((unsigned char)rest.data[length] & 0xC0) == 0x80)
		length++;
	return text_is_utf8((struct text){ rest.data, length }) ? JSON_MALFORMED : JSON_NOT_UTF8;
}

/* Take the other half of a surrogate pair; false if it does not follow. */
static bool scan_low_half(struct scanner *scanner)
{
	struct text rest = scan_rest(scanner);
	int code = -1;

	if (rest.length >= 6 && rest.data[0] == '\\' && rest.data[1] == 'u')
		code = json_hex((struct text){ rest.data + 2, 4 });
	if (code < 0xDC00 || code > 0xDFFF)
		return false;
	scanner->at += 6;
	return true;
}

/* An escape. A fault in its meaning is put down, and reported if the rest is well-formed. */
static enum json_fault scan_escape(struct scanner *scanner, enum json_fault *meaning)
{
	struct text rest = scan_rest(scanner);
	enum json_fault fault = JSON_SOUND;
	int code;

	if (rest.length < 2)
		return JSON_MALFORMED;
	if (rest.data[1] != 'u') {
		scanner->at += 2;
		return memchr("\"\\/bfnrt", rest.data[1], 8) != NULL ? JSON_SOUND : JSON_MALFORMED;
	}
	code = json_hex((struct text){ rest.data + 2, rest.length - 2 });
	if (code < 0)
		return JSON_MALFORMED;
	scanner->at += 6;
	if (code == 0)
		fault = JSON_HAS_NUL;
	else if (code >= 0xDC00 && code <= 0xDFFF)
		fault = JSON_SURROGATE;
	else if (code >= 0xD800 && code <= 0xDBFF && !scan_low_half(scanner))
		fault = JSON_SURROGATE;
	if (*meaning == JSON_SOUND)
		*meaning = fault;
	return JSON_SOUND;
}

/* A string from its opening quote on; raw is the text between the quotes. */
static enum json_fault scan_string(struct scanner *scanner, struct text *raw)
{
	const char *start = ++scanner->at;
	enum json_fault meaning = JSON_SOUND, fault = JSON_SOUND;

	while (fault == JSON_SOUND) {
		size_t plain = json_plain_length(scan_rest(scanner));
		struct text run = { scanner->at, plain };

		if (!text_is_utf8(run))
			return JSON_NOT_UTF8;
		scanner->at += plain;
		if (scanner->at == scanner->end)
			return JSON_ENDS_EARLY;
		if (*scanner->at == '"')
			break;
		fault = *scanner->at == '\\' ? scan_escape(scanner, &meaning) : scan_stray(scanner);
	}
	*raw = (struct text){ start, (size_t)(scanner->at - start) };
	scanner->at++;
	return fault != JSON_SOUND ? fault : meaning;
}

static size_t scan_digits(struct scanner *scanner)
{
	const char *start = scanner->at;

	while (scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9')
		scanner->at++;
	return (size_t)(scanner->at - start);
}

static bool scan_take(struct scanner *scanner, const char *bytes)
{
	bool taken = scanner->at < scanner->end && *scanner->at != '\0' &&
		     strchr(bytes, *scanner->at) != NULL;

	scanner->at += taken;
	return taken;
}

/* Whether a number that is well-formed has a place in 64 bits, or in a double. */
static bool scan_is_in_range(struct text number, bool real)
{
	char few[NUMBER_SIZE];
	char *copy = number.length < sizeof(few) ? few : memory_copy(number.data, number.length);
	bool in_range;

	if (copy == few) {
		memcpy(few, number.data, number.length);
		few[number.length] = '\0';
	}
	errno = 0;
	if (real)
		in_range = isfinite(strtod(copy, NULL));
	else
		in_range = strtoll(copy, NULL, 10) == 0 || errno == 0;
	if (copy != few)
		free(copy);
	return in_range;
}

static enum json_fault scan_number(struct scanner *scanner)
{
	const char *start = scanner->at;
	bool real = false;

	scan_take(scanner, "-");
	if (!scan_take(scanner, "0") && scan_digits(scanner) == 0)
		return JSON_MALFORMED;
	if (scan_take(scanner, ".")) {
		real = true;
		if (scan_digits(scanner) == 0)
			return JSON_MALFORMED;
	}
	if (scan_take(scanner, "eE")) {
		real = true;
		scan_take(scanner, "+-");
		if (scan_digits(scanner) == 0)
			return JSON_MALFORMED;
	}
	struct text number = { start, (size_t)(scanner->at - start) };
	/* Up to 18 digits are in range, as most numbers are. */
	if ((!real && number.length <= 18) || scan_is_in_range(number, real))
		return JSON_SOUND;
	return JSON_OUT_OF_RANGE;
}

static enum json_fault scan_word(struct scanner *scanner)
{
	static const struct text words[] = { TEXT_INIT("true"), TEXT_INIT("false"),
		TEXT_INIT("null") };
	struct text rest = scan_rest(scanner);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (rest.length < words[i].length ||
			memcmp(rest.data, words[i].data, words[i].length) != 0)
			continue;
		scanner->at += words[i].length;
		return JSON_SOUND;
	}
	return scan_stray(scanner);
}

static enum json_fault scan_open(struct scanner *scanner, bool object)
{
	struct json_scan *scan = scanner->scan;

	if (scanner->open == scan->depth)
		return JSON_TOO_DEEP;
	scanner->objects += object;
	scanner->object[scanner->open++] = object ? scanner->objects : 0;
	if (scanner->open > scan->deepest)
		scan->deepest = scanner->open;
	scanner->at++;
	scanner->turn = object ? TURN_MEMBER : TURN_ELEMENT;
	return JSON_SOUND;
}

static void scan_ended(struct scanner *scanner)
{
	scanner->turn = scanner->open > 0 ? TURN_BETWEEN : TURN_DONE;
}

static enum json_fault scan_value(struct scanner *scanner)
{
	enum json_fault fault;
	struct text raw;
	char c = *scanner->at;

	if (scanner->scan->values == 0)
		return JSON_TOO_MANY;
	scanner->scan->values--;
	if (c == '{' || c == '[')
		return scan_open(scanner, c == '{');
	if (c == '"')
		fault = scan_string(scanner, &raw);
	else if (c == '-' || (c >= '0' && c <= '9'))
		fault = scan_number(scanner);
	else
		fault = scan_word(scanner);
	scan_ended(scanner);
	return fault;
}

static void scan_space(struct scanner *scanner)
{
	while (scanner->at < scanner->end && (*scanner->at == ' ' || *scanner->at == '\t' ||
						     *scanner->at == '\n' || *scanner->at == '\r'))
		scanner->at++;
}

/* A name and its colon. */
static enum json_fault scan_name(struct scanner *scanner)
{
	enum json_fault fault;
	struct text raw;

	if (*scanner->at != '"')
		return scan_stray(scanner);
	fault = scan_string(scanner, &raw);
	if (fault != JSON_SOUND)
		return fault;
	if (!names_add(&scanner->names, scanner->object[scanner->open - 1],
		    json_unescape(raw, &scanner->name)))
		return JSON_TWICE;
	scan_space(scanner);
	if (scanner->at == scanner->end)
		return JSON_ENDS_EARLY;
	if (*scanner->at != ':')
		return scan_stray(scanner);
	scanner->at++;
	scanner->turn = TURN_VALUE;
	return JSON_SOUND;
}

/* Take the end of the innermost object or array, if it comes next. */
static bool scan_close(struct scanner *scanner)
{
	char end = scanner->object[scanner->open - 1] != 0 ? '}' : ']';

	if (*scanner->at != end)
		return false;
	scanner->at++;
	scanner->open--;
	scan_ended(scanner);
	return true;
}

static enum json_fault scan_between(struct scanner *scanner)
{
	if (scan_close(scanner))
		return JSON_SOUND;
	if (*scanner->at != ',')
		return scan_stray(scanner);
	scanner->at++;
	scanner->turn = scanner->object[scanner->open - 1] != 0 ? TURN_NAME : TURN_VALUE;
	return JSON_SOUND;
}

static enum json_fault scan_next(struct scanner *scanner)
{
	switch (scanner->turn) {
	case TURN_VALUE:
		return scan_value(scanner);
	case TURN_ELEMENT:
		return scan_close(scanner) ? JSON_SOUND : scan_value(scanner);
	case TURN_MEMBER:
		return scan_close(scanner) ? JSON_SOUND : scan_name(scanner);
	case TURN_NAME:
		return scan_name(scanner);
	default:
		return scan_between(scanner);
	}
}

enum json_fault json_scan(struct json_scan *scan)
{
	struct scanner scanner; /* not zeroed: most of it is for what is nested deep */
	enum json_fault fault = JSON_SOUND;

	assert(scan->depth <= JSON_DEPTH_MOST);
	scanner.at = scan->text.data;
	scanner.end = scan->text.data + scan->text.length;
	scanner.scan = scan;
	scanner.turn = TURN_VALUE;
	scanner.open = 0;
	scanner.objects = 0;
	scanner.names = (struct names){ 0 };
	scanner.name = (struct buffer){ 0 };
	scan->deepest = 0;
	while (fault == JSON_SOUND && scanner.turn != TURN_DONE) {
		scan_space(&scanner);
		fault = scanner.at == scanner.end ? JSON_ENDS_EARLY : scan_next(&scanner);
	}
	scan->length = (size_t)(scanner.at - scan->text.data);
	free(scanner.names.slot);
	buffer_free(&scanner.name);
	return fault;
}

/* Only white space may follow the value. */
static enum json_fault scan_end(const struct json_scan *scan)
{
	struct scanner scanner = { .at = scan->text.data + scan->length,
		.end = scan->text.data + scan->text.length };

	scan_space(&scanner);
	if (scanner.at == scanner.end)
		return JSON_SOUND;
	return scan_stray(&scanner) == JSON_NOT_UTF8 ? JSON_NOT_UTF8 : JSON_GOES_ON;
}

enum json_fault json_scan_object(struct text text, unsigned depth, size_t values)
{
	struct json_scan scan = { .text = text, .depth = depth, .values = values };
	enum json_fault fault;
	size_t start;

	if (text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
		return JSON_HAS_MARK;
	if (text.length > 0 && memchr(text.data, '\0', text.length) != NULL)
		return JSON_HAS_NUL;
	fault = json_scan(&scan);
	if (fault == JSON_SOUND)
		fault = scan_end(&scan);
	if (fault != JSON_SOUND)
		return fault;
	start = strspn(text.data, " \t\r\n"); /* a value follows, so that it ends */
	return text.data[start] == '{' ? JSON_SOUND : JSON_NO_OBJECT;
}

const char *json_sentence(enum json_fault fault)
{
	static const char *const sentences[] = {
		[JSON_SOUND] = "There is nothing wrong with the JSON.",
		[JSON_ENDS_EARLY] = "The JSON ends too early.",
		[JSON_GOES_ON] = "There is more after the end of the JSON.",
		[JSON_MALFORMED] = "This is not well-formed JSON.",
		[JSON_NOT_UTF8] = "The JSON is not in UTF-8.",
		[JSON_HAS_MARK] = "The JSON begins with a byte order mark.",
		[JSON_HAS_NUL] = "The JSON has a NUL in it.",
		[JSON_SURROGATE] = "The JSON has half of a surrogate pair in a string.",
		[JSON_OUT_OF_RANGE] = "The JSON has a number that is out of range.",
		[JSON_TOO_DEEP] = "The JSON is nested too deep.",
		[JSON_TWICE] = "The JSON has the same member twice in one object.",
		[JSON_TOO_MANY] = "The JSON has too many values in it.",
		[JSON_NO_OBJECT] = "The JSON is not an object.",
	};

	return sentences[fault];
}

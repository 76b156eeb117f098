#include "transfer/import/links.h"

#include "base/json.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_SIZE 64

enum state {
	NEW,
	TWICE, /* an earlier task of the file has its uid: same is that one */
	THERE, /* the account has its uid */
};

/* Texts are offsets in texts; 0: none. */
struct record {
	int64_t id;
	int64_t list;
	int64_t parent;
	int32_t list_index;
	uint32_t parent_uid, uid, heading, place;
	bool is_trashed;
};

#define NONE UINT32_MAX /* of a record's number */

/* What becomes of a record. */
struct outcome {
	int64_t list;	  /* as in struct link_target */
	int64_t number;	  /* of NEW; the id of what is THERE */
	uint32_t parent;  /* a record; NONE */
	uint32_t same;	  /* of TWICE */
	uint8_t depth;	  /* 0: not known yet */
	uint8_t state;
	bool is_trashed; /* what is THERE */
	bool is_open;	 /* its depth is being searched */
	bool loses_heading, loses_uid;
};

struct links {
	struct record *record;
	struct outcome *outcome;
	size_t count, capacity;
	struct buffer texts;
	uint32_t *by_id, *by_uid; /* records that have one, in its order */
	size_t ids, uids;
	int64_t made;
	void (*tell)(void *owner, const char *place, const char *sentence);
	void *owner;
};

/* ---- what the file says ---- */

struct links *links_new(void)
{
	struct links *links = memory_zeroed(sizeof(*links));

	buffer_add(&links->texts, "", 1); /* so that no text is at 0 */
	return links;
}

void links_free(struct links *links)
{
	if (links == NULL)
		return;
	buffer_free(&links->texts);
	free(links->record);
	free(links->outcome);
	free(links->by_id);
	free(links->by_uid);
	free(links);
}

static uint32_t keep(struct links *links, struct text text)
{
	uint32_t at = (uint32_t)links->texts.length;

	if (text.length == 0)
		return 0;
	buffer_add_text(&links->texts, text);
	buffer_add(&links->texts, "", 1);
	return at;
}

static const char *kept(const struct links *links, uint32_t at)
{
	return links->texts.data + at;
}

void links_add(struct links *links, const struct link *link)
{
	if (links->count == links->capacity) {
		links->capacity = 2 * links->capacity + 64;
		links->record = memory_resize(
			links->record, sizeof(*links->record) * links->capacity);
	}
	links->record[links->count++] = (struct record){ .id = link->id,
		.list = link->list,
		.parent = link->parent,
		.list_index = link->list_index,
		.parent_uid = keep(links, link->parent_uid),
		.uid = keep(links, link->uid),
		.heading = keep(links, link->heading),
		.place = keep(links, text_of(link->place)),
		.is_trashed = link->is_trashed };
}

/* ---- records by id and by uid ---- */

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* Of records with the same id or uid the first one comes first. */
static int compare_ids(const void *a, const void *b, void *links)
{
	const struct record *record = ((const struct links *)links)->record;
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
	int order = compare_numbers(record[one].id, record[other].id);

	return order != 0 ? order : compare_numbers(one, other);
}

static int compare_uids(const void *a, const void *b, void *of)
{
	const struct links *links = of;
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
	int order = strcmp(
		kept(links, links->record[one].uid), kept(links, links->record[other].uid));

	return order != 0 ? order : compare_numbers(one, other);
}

/* The first record with this id; NONE. */
static uint32_t find_id(const struct links *links, int64_t id)
{
	size_t from = 0, to = links->ids;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (links->record[links->by_id[middle]].id < id)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == links->ids || links->record[links->by_id[from]].id != id)
		return NONE;
	return links->by_id[from];
}

/* The first record with this uid; NONE. */
static uint32_t find_uid(const struct links *links, const char *uid)
{
	size_t from = 0, to = links->uids;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(kept(links, links->record[links->by_uid[middle]].uid), uid) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == links->uids ||
		strcmp(kept(links, links->record[links->by_uid[from]].uid), uid) != 0)
		return NONE;
	return links->by_uid[from];
}

static void mark_twice(struct links *links)
{
	for (size_t i = 1; i < links->uids; i++) {
		uint32_t before = links->by_uid[i - 1], next = links->by_uid[i];
		struct outcome *outcome = &links->outcome[next];

		if (strcmp(kept(links, links->record[before].uid),
			    kept(links, links->record[next].uid)) != 0)
			continue;
		outcome->state = TWICE;
		outcome->same = links->outcome[before].state == TWICE
					? links->outcome[before].same
					: before;
	}
}

void links_sort(struct links *links)
{
	size_t size = sizeof(uint32_t) * links->count;

	links->outcome = memory_zeroed(sizeof(*links->outcome) * links->count);
	links->by_id = memory_allocate(size);
	links->by_uid = memory_allocate(size);
	for (size_t i = 0; i < links->count; i++) {
		if (links->record[i].id != 0)
			links->by_id[links->ids++] = (uint32_t)i;
		if (links->record[i].uid != 0)
			links->by_uid[links->uids++] = (uint32_t)i;
	}
	qsort_r(links->by_id, links->ids, sizeof(uint32_t), compare_ids, links);
	qsort_r(links->by_uid, links->uids, sizeof(uint32_t), compare_uids, links);
	mark_twice(links);
}

/* ---- what the account has ---- */

/* The number of a uid of the form "BASE57"; 0: it is of another form. */
static int64_t made_number(struct text uid, struct text uid_base)
{
	int64_t number;

	if (uid.length <= uid_base.length ||
		!text_equal((struct text){ uid.data, uid_base.length }, uid_base) ||
		uid.data[uid_base.length] == '0' ||
		!text_to_integer(text_after(uid, uid_base.length), &number))
		return 0;
	return number;
}

static void ask_uid(struct buffer *uids, struct text uid)
{
	if (uids->length > 1)
		buffer_add_text(uids, TEXT(","));
	json_write_text(uids, uid);
}

static void ask_id(struct buffer *ids, int64_t id)
{
	if (id == 0)
		return;
	if (ids->length > 1)
		buffer_add_text(ids, TEXT(","));
	json_write_integer(ids, id);
}

bool links_ask(struct links *links, size_t *at, struct text uid_base, int64_t newest,
	struct buffer *uids, struct buffer *ids)
{
	size_t end = links->uids - *at > LINKS_ASKED ? *at + LINKS_ASKED : links->uids;
	bool any = *at < end;

	uids->length = ids->length = 0;
	buffer_add_text(uids, TEXT("["));
	buffer_add_text(ids, TEXT("["));
	for (; *at < end; ++*at) {
		uint32_t n = links->by_uid[*at];
		struct text uid = text_of(kept(links, links->record[n].uid));
		int64_t number = made_number(uid, uid_base);

		links->outcome[n].loses_uid = number > newest;
		ask_uid(uids, uid);
		ask_id(ids, number);
	}
	buffer_add_text(uids, TEXT("]"));
	buffer_add_text(ids, TEXT("]"));
	return any;
}

enum known_column { KNOWN_UID, KNOWN_ID, KNOWN_LIST, KNOWN_IS_TRASHED, KNOWN_DEPTH };

static int64_t known_integer(const json_t *row, enum known_column column)
{
	return json_integer_value(json_array_get(row, column));
}

void links_take_known(struct links *links, struct text json)
{
	json_t *rows = json_loadb(json.data, json.length, 0, NULL);
	json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		const char *uid = json_string_value(json_array_get(row, KNOWN_UID));
		uint32_t n = uid != NULL ? find_uid(links, uid) : NONE;
		struct outcome *outcome;

		if (n == NONE)
			continue;
		outcome = &links->outcome[n];
		outcome->state = THERE;
		outcome->number = known_integer(row, KNOWN_ID);
		outcome->list = known_integer(row, KNOWN_LIST);
		outcome->depth = (uint8_t)known_integer(row, KNOWN_DEPTH);
		outcome->is_trashed = known_integer(row, KNOWN_IS_TRASHED) != 0;
	}
	json_decref(rows);
}

void links_forget(struct links *links)
{
	memset(links->outcome, 0, sizeof(*links->outcome) * links->count);
	mark_twice(links);
}

/* ---- references ---- */

/* The member is one of JSON; a line has none to point at. */
static void tell(
	const struct links *links, uint32_t n, const char *member, const char *sentence)
{
	const char *place = kept(links, links->record[n].place);
	bool is_line = strncmp(place, "/line/", strlen("/line/")) == 0;
	char pointer[PLACE_SIZE];

	snprintf(pointer, sizeof(pointer), "%s%s", place, is_line ? "" : member);
	links->tell(links->owner, pointer, sentence);
}

static uint32_t original(const struct links *links, uint32_t n)
{
	return n != NONE && links->outcome[n].state == TWICE ? links->outcome[n].same : n;
}

static bool is_trashed(const struct links *links, uint32_t n)
{
	return links->outcome[n].state == THERE ? links->outcome[n].is_trashed
						: links->record[n].is_trashed;
}

/* What is not in the trash cannot be in what is. */
static void find_parent(struct links *links, uint32_t n)
{
	const struct record *record = &links->record[n];
	uint32_t parent = NONE;

	links->outcome[n].parent = NONE;
	if (record->parent == 0 && record->parent_uid == 0)
		return;
	if (record->parent != 0)
		parent = original(links, find_id(links, record->parent));
	else
		parent = original(links, find_uid(links, kept(links, record->parent_uid)));
	if (parent == NONE)
		tell(links, n, "/parent", "is of no task in the file, and was left out");
	else if (!record->is_trashed && is_trashed(links, parent))
		tell(links, n, "/parent", "is of a task in the trash, and was left out");
	else
		links->outcome[n].parent = parent;
}

/* The target of the list that the record names; 0 where it names none, or with what is wrong. */
static int64_t find_list(const struct record *record, const struct file_lists *lists, const char **why)
{
	int index = record->list_index;

	*why = NULL;
	if (record->list != 0)
		index = file_lists_find(lists, record->list);
	if (index < 0 && record->list == 0)
		return 0;
	if (index < 0)
		*why = "is of no list in the file: it came to the inbox";
	else if (!record->is_trashed && file_lists_is_trashed(lists, index))
		*why = "is of a list in the trash: it came to the inbox";
	return *why == NULL ? file_lists_target(lists, index) : 0;
}

/* What is below another task is in its list. In the trash each has the list that it had. */
static void take_list(struct links *links, const struct file_lists *lists, uint32_t n)
{
	const struct record *record = &links->record[n];
	struct outcome *outcome = &links->outcome[n];
	bool names = record->list != 0 || record->list_index >= 0;
	const char *why;

	outcome->list = find_list(record, lists, &why);
	if (outcome->parent != NONE && !record->is_trashed) {
		int64_t list = links->outcome[outcome->parent].list;

		why = names && outcome->list != list ? "became that of its parent" : NULL;
		outcome->list = list;
	}
	if (why != NULL)
		tell(links, n, "/list", why);
}

static void take_heading(struct links *links, struct file_lists *lists, uint32_t n)
{
	const struct record *record = &links->record[n];
	struct outcome *outcome = &links->outcome[n];
	struct text heading = text_of(kept(links, record->heading));

	if (heading.length == 0 || record->is_trashed)
		return;
	outcome->loses_heading = outcome->list == 0 ||
				 !file_lists_take_heading(lists, outcome->list, heading);
	if (outcome->loses_heading)
		tell(links, n, "/heading", "is none of its list, and was left out");
}

/* Its parent is known to its end; or it has none. */
static void settle(struct links *links, struct file_lists *lists, uint32_t n)
{
	struct outcome *outcome = &links->outcome[n];
	uint8_t above = outcome->parent == NONE ? 0 : links->outcome[outcome->parent].depth;

	if (above >= LINKS_DEEPEST) {
		tell(links, n, "/parent", "would be deeper than 8 levels, and was left out");
		outcome->parent = NONE;
		above = 0;
	}
	outcome->depth = (uint8_t)(above + 1);
	outcome->is_open = false;
	take_list(links, lists, n);
	take_heading(links, lists, n);
}

/*
 * Go up from a task as long as nothing is known, and then down again. Each is passed once. What is met
 * again on the way is above itself: its child lets go of it.
 */
static void settle_chain(
	struct links *links, struct file_lists *lists, uint32_t n, uint32_t *chain)
{
	size_t length = 0;

	while (n != NONE && links->outcome[n].depth == 0) {
		uint32_t parent = links->outcome[n].parent;

		chain[length++] = n;
		links->outcome[n].is_open = true;
		if (parent != NONE && links->outcome[parent].is_open) {
			tell(links, n, "/parent", "is below itself, and was left out");
			links->outcome[n].parent = NONE;
			break;
		}
		n = parent;
	}
	while (length > 0)
		settle(links, lists, chain[--length]);
}

static void number_records(struct links *links)
{
	links->made = 0;
	for (size_t i = 0; i < links->count; i++) {
		if (links->outcome[i].state != NEW)
			continue;
		links->outcome[i].number = ++links->made;
		if (links->outcome[i].loses_uid)
			tell(links, (uint32_t)i, "/uid",
				"is kept for a later task, and was left out");
	}
}

void links_resolve(struct links *links, struct file_lists *lists,
	void (*tell_owner)(void *owner, const char *place, const char *sentence), void *owner)
{
	uint32_t *chain = memory_allocate(sizeof(*chain) * links->count);

	links->tell = tell_owner;
	links->owner = owner;
	for (size_t i = 0; i < links->count; i++)
		if (links->outcome[i].state == NEW)
			find_parent(links, (uint32_t)i);
	for (size_t i = 0; i < links->count; i++)
		if (links->outcome[i].state == NEW)
			settle_chain(links, lists, (uint32_t)i, chain);
	number_records(links);
	free(chain);
}

/* ---- what becomes of them ---- */

static int64_t parent_target(const struct links *links, const struct outcome *outcome)
{
	const struct outcome *parent;

	if (outcome->parent == NONE)
		return 0;
	parent = &links->outcome[outcome->parent];
	return parent->state == THERE ? parent->number : -parent->number;
}

struct link_target links_target(const struct links *links, size_t n)
{
	const struct outcome *outcome = &links->outcome[n];

	if (outcome->state != NEW)
		return (struct link_target){ 0 };
	return (struct link_target){ .list = outcome->list,
		.parent = parent_target(links, outcome),
		.number = outcome->number,
		.loses_heading = outcome->loses_heading,
		.loses_uid = outcome->loses_uid };
}

int64_t links_made(const struct links *links)
{
	return links->made;
}

int64_t links_left_out(const struct links *links)
{
	return (int64_t)links->count - links->made;
}

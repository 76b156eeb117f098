/*
 * Faults of members are collected, so that one reply names all of them.
 */
#include "state/faults.h"

#include "base/json.h"
#include "state/request_state.h"

#include <stdio.h>
#include <string.h>

#define FAULTS_MOST ((size_t)64 << 10) /* bytes of the list of faults */
#define MEMBER_MOST 1024	       /* bytes of a member's name in a fault */
#define PARAMETER_MOST 64	       /* bytes of a parameter's name in a fault */

void input_fault(struct request *request, int status, const char *detail)
{
	if (request->input.fault.status != 0)
		return;
	request->input.fault.status = status;
	request->input.fault.detail = detail;
}

/* A reference token of a JSON pointer (RFC 6901, 3). */
static void add_token(struct buffer *pointer, struct text member)
{
	buffer_add_text(pointer, TEXT("/"));
	for (size_t i = 0; i < member.length; i++) {
		if (member.data[i] == '~')
			buffer_add_text(pointer, TEXT("~0"));
		else if (member.data[i] == '/')
			buffer_add_text(pointer, TEXT("~1"));
		else
			buffer_add(pointer, &member.data[i], 1);
	}
}

void fault_write(struct buffer *list, struct text pointer, const char *detail)
{
	if (list->length > 0)
		buffer_add_text(list, TEXT(","));
	buffer_add_text(list, TEXT("{\"pointer\":"));
	json_write_text(list, pointer);
	buffer_add_text(list, TEXT(",\"detail\":"));
	json_write_text(list, text_of(detail));
	buffer_add_text(list, TEXT("}"));
}

static void add_fault(struct request *request, struct text pointer, const char *detail)
{
	input_fault(request, 422, "Some members are not as they should be.");
	if (request->input.fault.members.length < FAULTS_MOST)
		fault_write(&request->input.fault.members, pointer, detail);
}

void request_fault_whole(struct request *request, int status, const char *detail)
{
	input_fault(request, status, detail);
}

void request_fault_at(struct request *request, const char *pointer, const char *detail)
{
	add_fault(request, text_of(pointer), detail);
}

/* Cut a long name between two characters. */
static struct text shorten(struct text name, size_t most)
{
	if (name.length <= most)
		return name;
	name.length = most;
	while (name.length > 0 && ((unsigned char)name.data[name.length] & 0xc0) == 0x80)
		name.length--;
	return name;
}

void input_member_fault(const struct input_target *target, struct text member, const char *detail)
{
	struct buffer pointer = { 0 };

	if (target->request->input.fault.members.length >= FAULTS_MOST)
		return;
	member = shorten(member, MEMBER_MOST);
	if (target->whole) {
		buffer_add_text(&pointer, member);
		buffer_add_format(&pointer, " %s", detail);
		buffer_add(&pointer, "", 1);
		add_fault(target->request, text_of(target->pointer), pointer.data);
	} else {
		buffer_add_text(&pointer, text_of(target->pointer));
		add_token(&pointer, member);
		add_fault(target->request, (struct text){ pointer.data, pointer.length }, detail);
	}
	buffer_free(&pointer);
}

void input_parameter_fault(struct request *request, struct text name, const char *wrong)
{
	static const char form[] = "The query parameter '%.*s%s' %s.";
	struct text told = shorten(name, PARAMETER_MOST);
	size_t size = sizeof(form) + told.length + strlen("…") + strlen(wrong);
	char *detail = arena_alloc(&request->arena, size);

	snprintf(detail, size, form, (int)told.length, told.data,
		told.length < name.length ? "…" : "", wrong);
	input_fault(request, 400, detail);
}

bool request_has_fault(const struct request *request)
{
	return request->input.fault.status != 0;
}

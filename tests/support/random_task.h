/* Tasks and changes of them as a dice has it. */
#ifndef TESTS_RANDOM_TASK_H
#define TESTS_RANDOM_TASK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* A number below `of`; the state is check_random()'s. */
unsigned random_below(uint64_t *state, unsigned of);

/* Some of the members that a task's owner sets, or all of them, or none; the name, where asked. */
json_t *random_task(uint64_t *state, bool named);

/*
 * An item of a batch that is likely to find its task: among those of the list or those of the
 * trash. It creates one where the list has none, and none where it has `most`.
 */
json_t *random_item(uint64_t *state, const json_t *list, const json_t *trash, size_t most);

/* The same of lists, whose headings are of a few. */
json_t *random_list_item(uint64_t *state, const json_t *lists, const json_t *trash, size_t most);

/* Puts a task into one of the lists, under one of its headings or none; or into the inbox. */
void random_place(uint64_t *state, json_t *task, const json_t *lists);

#endif

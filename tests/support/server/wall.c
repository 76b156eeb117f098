/* A server's wall clock. */
#include "wall.h"

#include "check_main.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* What the server's library asks of programs that run under a sanitizer stays. */
static void add_options(struct wall *wall)
{
	const char *options = getenv("ASAN_OPTIONS");

	snprintf(wall->options, sizeof(wall->options), "ASAN_OPTIONS=%s%sverify_asan_link_order=0",
		options ? options : "", options ? ":" : "");
}

static void write_at(struct wall *wall, int64_t seconds, off_t place)
{
	ck_assert_int_eq(pwrite(wall->fd, &seconds, sizeof(seconds), place), sizeof(seconds));
}

void wall_make(struct wall *wall, const char *folder)
{
	*wall = (struct wall){ .fd = -1 };
	snprintf(wall->variable, sizeof(wall->variable), "CLOCK_SHIFT=%s/clock", folder);
	snprintf(wall->preload, sizeof(wall->preload), "LD_PRELOAD=%s", CLOCK_SHIFT);
	add_options(wall);
	wall->environment[0] = wall->variable;
	wall->environment[1] = wall->preload;
	wall->environment[2] = wall->options;
	wall->fd = open(wall->variable + sizeof("CLOCK_SHIFT"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(wall->fd, 0);
	wall_set(wall, 0);
	wall_set_up_time(wall, 0);
}

void wall_remove(struct wall *wall)
{
	close(wall->fd);
}

void wall_set(struct wall *wall, int64_t seconds)
{
	write_at(wall, seconds, 0);
}

void wall_set_up_time(struct wall *wall, int64_t seconds)
{
	write_at(wall, seconds, sizeof(seconds));
}

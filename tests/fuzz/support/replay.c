/*
 * In the place of libFuzzer: runs a target once for each file that is named, or that is in a folder
 * that is named, so that what was found once is looked at in every build.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The file's bytes, in memory that ends where they do. */
static uint8_t *replay_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	struct stat about;
	uint8_t *bytes;

	if (file == NULL || fstat(fileno(file), &about) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	*size = (size_t)about.st_size;
	bytes = malloc(*size > 0 ? *size : 1);
	if (bytes == NULL || fread(bytes, 1, *size, file) != *size) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	fclose(file);
	return bytes;
}

/* The last file that is named is the one that failed. */
static unsigned replay_file(const char *path)
{
	size_t size;
	uint8_t *bytes = replay_read(path, &size);

	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return 1;
}

static unsigned replay_folder(DIR *folder, const char *path)
{
	unsigned count = 0;
	char *file;

	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		if (*entry->d_name == '.')
			continue;
		if (asprintf(&file, "%s/%s", path, entry->d_name) < 0)
			abort();
		count += replay_file(file);
		free(file);
	}
	return count;
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);

		count += folder != NULL ? replay_folder(folder, argv[i]) : replay_file(argv[i]);
		if (folder != NULL)
			closedir(folder);
	}
	fprintf(stderr, "%u inputs\n", count);
	return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Replays kept inputs through a fuzz target, for compilers without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	size_t size;

	if (!file)
		return -1;
	data = malloc(1 << 20);
	size = data ? fread(data, 1, 1 << 20, file) : 0;
	fclose(file);
	if (data)
		(void) LLVMFuzzerTestOneInput(data, size);
	free(data);
	return data ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	unsigned count = 0;
	char path[4096];
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;

	if (!folder) {
		fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		if (replay(path) < 0) {
			fprintf(stderr, "%s: cannot be read\n", path);
			return 1;
		}
		count++;
	}
	closedir(folder);
	printf("%u inputs replayed\n", count);
	return count ? 0 : 1;
}

#pragma once
/* A folder of its own for a test, in memory where there is such a place, removed with its files at the end. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch {
    char folder[64];
    char path[128]; /* of the latest scratch_path */
};

static inline void scratch_make(struct scratch *scratch)
{
    const char *top = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(scratch->folder, sizeof scratch->folder, "%s/entretiend-test-XXXXXX", top);
    if (!mkdtemp(scratch->folder))
        abort();
}

static inline const char *scratch_path(struct scratch *scratch, const char *name)
{
    snprintf(scratch->path, sizeof scratch->path, "%s/%s", scratch->folder, name);
    return scratch->path;
}

static inline void scratch_remove(struct scratch *scratch)
{
    DIR *folder = opendir(scratch->folder);
    struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    rmdir(scratch->folder);
}

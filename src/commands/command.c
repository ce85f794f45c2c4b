#include "commands/command.h"

#include <stddef.h>
#include <string.h>

const nst_command nst_command_table[] = {
    {"compare", "how much two pictures differ; golden tests", nst_command_compare},
    {"measure", "how much of a photo and of a painting there is in pictures", nst_command_measure},
    {"features", "what the network finds in a picture, as a sheet of maps", nst_command_features},
    {"styles", "the paintings that come with nst, by name", nst_command_styles},
    {"weights", "the models: list, inspect, fetch the full VGG19", nst_command_weights},
    {"serve", "a page to paint on, and an interface over HTTP", nst_command_serve},
    {NULL, NULL, NULL},
};

const nst_command *nst_command_find(const char *name)
{
    for (const nst_command *c = nst_command_table; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

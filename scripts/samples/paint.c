/* Paints a style sample of nst: paint NAME > picture.ppm */
#include "canvas.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*paint)(canvas *);
    } styles[] = {
        {"oil", oil},      {"woodcut", woodcut}, {"mosaic", mosaic}, {"watercolor", watercolor},
        {"ink", ink},      {"points", points},   {"glass", glass},   {"pencil", pencil},
        {"pastel", pastel}};
    for (size_t i = 0; argc == 2 && i < sizeof styles / sizeof *styles; i++) {
        if (strcmp(argv[1], styles[i].name) == 0) {
            canvas *c = calloc(1, sizeof *c);
            if (c == NULL) {
                fputs("paint: no memory\n", stderr);
                return 1;
            }
            styles[i].paint(c);
            int done = write_ppm(c, stdout);
            free(c);
            return done ? 0 : 1;
        }
    }
    fputs("usage: paint NAME > picture.ppm; NAME is one of", stderr);
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
        fprintf(stderr, " %s", styles[i].name);
    putc('\n', stderr);
    return 2;
}

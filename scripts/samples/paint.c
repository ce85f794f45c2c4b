/* Paints a style sample of nst: paint oil|woodcut|mosaic|watercolour > picture.ppm */
#include "canvas.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*paint)(canvas *);
    } styles[] = {
        {"oil", oil}, {"woodcut", woodcut}, {"mosaic", mosaic}, {"watercolour", watercolour}};
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
    fputs("usage: paint oil|woodcut|mosaic|watercolour > picture.ppm\n", stderr);
    return 2;
}

/* All settings as one struct: what is asked for. Nothing here has touched a picture yet. */
#ifndef NST_OPTIONS_SETTINGS_H
#define NST_OPTIONS_SETTINGS_H

#include "files/names.h"
#include "imageio/imageio.h"
#include "nst.h"
#include "options/shard.h"
#include "options/variants.h"

/* Styles that one picture may blend. */
enum { NST_STYLES_MAX = 16 };

typedef struct nst_style_source {
    char *path;
    float weight; /* share in the blend, relative to the others' */
    int region;   /* of the content mask that takes it; 0 = all */
} nst_style_source;

/* SHA-256 of inputs, hexadecimal; empty when it is not known. */
typedef struct nst_digests {
    char content[65], styles[NST_STYLES_MAX][65], init[65], weights[65];
    char content_mask[65], style_masks[NST_STYLES_MAX][65];
} nst_digests;

/* One picture to make. */
typedef struct nst_job {
    char *content,
        *output;        /* paths; "-" is standard input or output. No output: beside the photo */
    bool output_fields; /* the output is a text with fields, see options/template.h */
    bool keep_existing; /* a file that is there is not replaced */
    nst_style_source styles[NST_STYLES_MAX];
    int style_count;
    char *content_mask;                /* path or NULL */
    char *style_masks[NST_STYLES_MAX]; /* paths, of the style in the same place; NULL for none */
    int style_mask_count;
    char *init;               /* path, with NST_INIT_IMAGE */
    char *weights;            /* a name, "bundled" for one, or a path */
    char *weights_path;       /* the file of those weights; NULL is the bundled model */
    int format;               /* nst_format asked for; UNKNOWN: by the output's name */
    nst_format output_format; /* what it comes to */
    int quality;              /* of JPEG, WebP and AVIF, 1..100 */
    int depth;                /* bits per color of the result, 8 or 16 */
    int metadata;             /* nst_metadata_choice */
    int preserve_times;       /* flag: the result has the content's time of last change */
    int save_every;           /* iterations between intermediate images; 0 = none */
    nst_options options;
    nst_digests expected; /* by the job file */
    char *folder;         /* of the results, whose journal this job is in; NULL if none is kept */
} nst_job;

typedef enum nst_action { NST_ACTION_RUN, NST_ACTION_HELP, NST_ACTION_VERSION } nst_action;

typedef enum nst_log_kind { NST_LOG_TEXT = 0, NST_LOG_JSON } nst_log_kind;

typedef struct nst_args {
    nst_job job;      /* paths may be folders; see list/expand.h */
    nst_names photos; /* in place of the content of all jobs, where they were given as a list */
    nst_variants variants; /* of all jobs */
    nst_job *entries; /* of a job file with a list: these are the jobs, and .job their defaults */
    int entry_count;
    char *job_file;   /* path or NULL */
    char *files_from; /* list of photos: path, "-" or NULL */
    char *config;     /* the file of defaults and what it says, for -v; NULL: none */
    int no_config;    /* flag */
    int nul;          /* flag: its names end in zero bytes */
    char *record;     /* path or NULL */
    char *report;     /* likewise */
    bool size_given;  /* on the command line */
    int verbosity;    /* -1 quiet, 0, 1 verbose */
    int action;       /* nst_action */
    int recursive, overwrite, dry_run; /* flags */
    uint64_t cache;                    /* bytes of styles kept for later runs; 0: none are */
    int parallel;                      /* jobs at the same time; 0 = by cores and memory */
    nst_shard shard;                   /* {0, 0}: all, or what the environment says */
    int log;                           /* nst_log_kind */
    char recorded_version[32]; /* of the nst that wrote the job file; empty when it does not say */
} nst_args;

/* What holds when nothing is said. */
nst_status nst_args_default(nst_args *args, nst_error *error);
void nst_args_destroy(nst_args *args);

/* *out is set only on NST_OK. Paths are copied. */
nst_status nst_job_copy(const nst_job *job, nst_job *out);
void nst_job_destroy(nst_job *job);

#endif

#!/usr/bin/env bash
# The examples "In scripts" of the manual, run as they are there, with small pictures.
set -u
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
: "${NST_PROJECT_DIR:?path of the project}"

mkdir bin styles
cat >bin/nst <<'END'
#!/bin/sh
[ "$1" = compare ] && exec "$NST" "$@"
exec "$NST" "$@" -S 24 -n 2 --scales 1
END
cat >bin/ssh <<'END'
#!/bin/sh
shift
exec sh -c "$*"
END
chmod +x bin/*
export NST PATH=$folder/bin:$PATH OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_rmaps_base_oversubscribe
photos 8
for photo in photos/*.ppm; do
    "$NST" -q -c "$photo" -s style.ppm -o "${photo%.ppm}.jpg" -S 24 -n 0
    rm "$photo"
done
cp photos/1.jpg waves.jpg
cp photos/1.jpg photos/2.jpg styles

# Blocks of .EX and .EE, numbered, as they are read.
awk '/^\.S[SH]/ { in_scripts = /In scripts/ }
    in_scripts && /^\.EX/ { file = "example" ++n; next }
    /^\.EE/ { file = "" }
    file { gsub(/\\-/, "-"); gsub(/\\e/, "\\"); gsub(/\\\(aq/, "\047"); print >file }' \
    "$NST_PROJECT_DIR/src/door/nst.1"
# example NUMBER WORD: that it is the one with that word
example() {
    grep -q -e "$2" "example$1" || { cat "example$1"; fail "example $1 is not about $2"; }
}
# count FOLDER EXTENSION
count() { find "$1" -name "*.$2" | wc -l; }

example 1 xargs
sh ./example1 || fail 'find | xargs'
[ "$(count out png)" = 8 ] || fail "find | xargs: $(count out png) results"
: >photos/broken.jpg
sh ./example1 2>log && fail 'find | xargs: status 0 with a broken photo'
rm photos/broken.jpg
echo 'ok: find | xargs'

example 2 parallel
if command -v parallel >/dev/null; then
    rm -r out
    sh ./example2 2>log || { cat log; fail 'parallel'; }
    [ "$(count out jpg)" = 16 ] || fail "parallel: $(count out jpg) results"
    sh ./example2 2>log || { cat log; fail 'parallel, resumed'; }
    [ "$(wc -l <jobs.log)" = 17 ] || fail 'parallel did something again'
    echo 'ok: GNU parallel'
else
    echo 'SKIP: GNU parallel is not installed'
fi

example 3 '^results :='
rm -rf out
make -s -j 2 -f example3 || fail 'make'
[ "$(count out png)" = 8 ] || fail "make: $(count out png) results"
touch photos/3.jpg
[ "$(make -f example3 | grep -c nst)" = 1 ] || fail 'make: not one picture again'
echo 'ok: Makefile'

# With the variables that sbatch sets; slurm.sh asks a real one.
example 4 SBATCH
rm -rf out
for id in 0 1 2 3 4 5 6 7; do
    SLURM_ARRAY_TASK_ID=$id SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 \
        SLURM_ARRAY_TASK_COUNT=8 SLURM_CPUS_PER_TASK=4 sh ./example4 || fail "array task $id"
    [ "$(count out png)" = $((id + 1)) ] || fail "array task $id: $(count out png) results"
done
echo 'ok: Slurm array, simulated'

example 5 mpirun
rm -rf out
if command -v mpirun >/dev/null; then
    head -n 1 example5 | sh || fail 'mpirun'
    [ "$(count out png)" = 8 ] || fail "mpirun: $(count out png) results"
    rm -rf out
    echo 'ok: mpirun'
else
    echo 'SKIP: mpirun is not installed'
fi
tail -n 1 example5 | sh || fail 'two computers'
[ "$(count out png)" = 8 ] || fail "two computers: $(count out png) results"
echo 'ok: two computers'

example 6 compare
nst -q -c photos/1.jpg -s waves.jpg -o golden.png --record golden.json
sh -e ./example6 >log || { cat log; fail 'a golden check'; }
nst -q -c photos/2.jpg -s waves.jpg -o golden.png
sh -e ./example6 >log 2>&1 && fail 'a golden check of another picture'
echo 'ok: a golden check'
[ ! -e example7 ] || fail 'an example that is not tried'

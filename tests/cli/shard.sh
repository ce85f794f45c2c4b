# Parts of a list: --shard, Slurm's array variables and Open MPI's rank, each job in one part.
mkdir photos
for i in 1 2 3 4 5 6 7; do cp content.ppm photos/$i.ppm; done
part() { # [VARIABLE=VALUE...] [OPTION...]: the photos that would be done
    local settings=()
    while [[ ${1-} == [A-Z]*=* ]]; do settings+=("$1"); shift; done
    env "${settings[@]}" nst --dry-run -c photos -s style.ppm -o out $quick "$@" |
        sed -n 's/^out.\(.\).png.*/\1/p' | tr -d '\n'
    echo
}
for k in 1 2 3; do part --shard $k/3; done
echo 'slurm:'
for id in 4 6 8; do
    part SLURM_ARRAY_TASK_ID=$id SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_MAX=8 \
        SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=3 --shard slurm
done 2>&1
echo 'slurm, when it is not asked for:'
part SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_MAX=8 2>&1
part SLURM_ARRAY_TASK_ID=junk -q 2>&1
echo 'open mpi:'
for rank in 0 1; do part OMPI_COMM_WORLD_RANK=$rank OMPI_COMM_WORLD_SIZE=2 --shard mpi; done 2>/dev/null
echo 'both:'
for id in 0 1; do
    for rank in 0 1; do
        part SLURM_ARRAY_TASK_ID=$id SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=1 \
            OMPI_COMM_WORLD_RANK=$rank OMPI_COMM_WORLD_SIZE=2 --shard slurm+mpi 2>/dev/null
    done
done
echo 'mpi, when it is not asked for:'
part OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2
echo 'more parts than pictures:'
nst -c photos -s style.ppm -o out $quick --shard 9/9 2>&1 | sed 's/, [0-9.]* s$//'
echo 'the part is in the log:'
nst --log json -c photos -s style.ppm -o out $quick --shard 9/9 2>&1 | grep -o '"part".*}'
echo 'a single picture is whole:'
OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 nst -c content.ppm -s style.ppm -o one.png $quick 2>&1
bad() { try env "${@:2}" nst -c photos -s style.ppm -o out $quick --shard "$1"; }
bad slurm
bad mpi
bad slurm SLURM_ARRAY_TASK_ID=x
bad slurm SLURM_ARRAY_TASK_ID=3
bad slurm SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=3
bad mpi OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=2
for text in 0/3 4/3 1 1/ /2 a/b 1/2/3 99999999999/99999999999; do
    try nst -c photos -s style.ppm -o out $quick --shard $text
done

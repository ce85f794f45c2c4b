"""What a run costs, against PyTorch and against nst's own slower paths.

    bench.py ITERATION-PROGRAM NST-PROGRAM [--parts iteration,whole,memory] [--networks full,slim]
             [--sizes 256,512] [--threads 1,2] [--rounds 9] [--json FILE]

iteration  milliseconds per iteration: programs that stay warm are asked in turn (A B A B ...), and
           the medians are compared. "OpenBLAS" is Winograd on OpenBLAS' product, "im2col" the plain
           algorithm. The full-width network has seeded random weights: speed does not depend on
           values.
whole      seconds of the default command, from start to end, median of three.
memory     megabytes at most, and milliseconds per iteration and megapixel, by size and plan.
"""
import argparse
import json
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
BUNDLED = os.path.join(HERE, "..", "..", "weights", "vgg19-slim.safetensors")
INDICES = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28]
WIDTHS = [64] * 2 + [128] * 2 + [256] * 4 + [512] * 5


def write_full_width(path):
    generator = np.random.default_rng(1)
    header, blobs, offset, before = {}, [], 0, 3
    for index, width in zip(INDICES, WIDTHS):
        scale = np.sqrt(2.0 / (9 * before))
        for name, values in (("weight", generator.standard_normal((width, before, 3, 3)) * scale),
                             ("bias", np.zeros(width))):
            blob = values.astype("<f4").tobytes()
            header[f"features.{index}.{name}"] = {
                "dtype": "F32", "shape": list(values.shape), "data_offsets": [offset, offset + len(blob)]}
            blobs.append(blob)
            offset += len(blob)
        before = width
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def environment(ours):
    """Nothing that narrows OpenBLAS; for iteration.c, what nst sets for itself."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    return {"GOMP_SPINCOUNT": "1000", "OPENBLAS_NUM_THREADS": "1", **env} if ours else env


class Contestant:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment(command[0] != sys.executable))
        self.times = []
        self.ask(1)  # warm

    def ask(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: a contestant died")
        return float(line) / count

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def race(commands, rounds, count):
    contestants = {name: Contestant(command) for name, command in commands.items()}
    for _ in range(rounds):
        for contestant in contestants.values():
            contestant.times.append(contestant.ask(count))
    for contestant in contestants.values():
        contestant.close()
    return {name: statistics.median(c.times) for name, c in contestants.items()}


def iteration(options, full):
    results = []
    print("Milliseconds per iteration, medians of interleaved rounds\n")
    print(f"{'network':8} {'size':>5} {'threads':>7} {'PyTorch':>9} {'nst':>8} {'OpenBLAS':>9} {'im2col':>8}"
          f" {'ratio':>6} {'ratio, OpenBLAS':>16}")
    for network in options.networks.split(","):
        weights = full if network == "full" else BUNDLED
        for size in options.sizes.split(","):
            for threads in options.threads.split(","):
                ours = [options.program, weights, size, threads]
                peer = [sys.executable, os.path.join(HERE, "peer.py"), weights, size, threads]
                row = {"network": network, "size": int(size), "threads": int(threads), **race({
                    "torch": peer, "nst": ours, "openblas": ours + ["winograd"],
                    "im2col": ours + ["im2col"],
                }, options.rounds, 1 if network == "full" else 4)}
                row["ratio"] = row["torch"] / row["nst"]
                row["ratio_openblas"] = row["torch"] / row["openblas"]
                results.append(row)
                print(f"{network:8} {size:>5} {threads:>7} {row['torch']:9.1f} {row['nst']:8.1f}"
                      f" {row['openblas']:9.1f} {row['im2col']:8.1f} {row['ratio']:5.2f}x"
                      f" {row['ratio_openblas']:15.2f}x", flush=True)
    return results


def run(command):
    """-> (seconds, megabytes at most)"""
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment(False), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("bench: failed: " + " ".join(command))
    return time.monotonic() - start, usage.ru_maxrss / 1024


def images(folder):
    samples = os.path.join(HERE, "..", "..", "images")
    return ["-c", os.path.join(samples, "harbour.jpg"), "-s", os.path.join(samples, "oil.jpg"),
            "-o", os.path.join(folder, "out.png")]


def whole(options, folder):
    results = []
    print("\nSeconds of the whole command at 512 pixels, medians of three\n")
    for preset in ("draft", "normal", "high"):
        command = [options.nst, *images(folder), "-p", preset]
        seconds = statistics.median(run(command)[0] for _ in range(3))
        results.append({"preset": preset, "seconds": seconds})
        print(f"{preset:8} {seconds:6.1f}", flush=True)
    nothing = [options.nst, *images(folder), "-n", "0", "--coarse-iterations", "0"]
    seconds = statistics.median(run(nothing)[0] for _ in range(3))
    results.append({"preset": "no iterations", "seconds": seconds})
    print(f"{'no iterations':14} {seconds:.2f}", flush=True)
    return results


def needed(command):
    """Bytes that keeping all activations takes, as the program plans it."""
    text = subprocess.run(command + ["--max-memory", "1T", "-n", "0", "-v"], env=environment(False),
                          stderr=subprocess.PIPE, text=True, check=True).stderr
    return int(float(re.search(r"memory: ([0-9.]+) GB", text)[1]) * 0.99e9)


def memory(options, folder, full):
    results = []
    print("\nA run of Adam at one scale: megabytes at most; milliseconds per iteration and megapixel\n")
    print(f"{'network':8} {'size':>5} {'kept, MB':>10} {'ms/MP':>7} {'bands, MB':>10} {'ms/MP':>7}")
    for network in options.networks.split(","):
        for size in options.memory_sizes.split(","):
            row = {"network": network, "size": int(size)}
            command = [options.nst, *images(folder), "-S", size, "--scales", "1",
                       "--optimizer", "adam", "-w", full if network == "full" else BUNDLED]
            megapixels = int(size) ** 2 * 0.75 / 1e6
            for plan in ("kept", "bands"):
                extra = ["--max-memory", "1T" if plan == "kept" else str(needed(command) - 1)]
                count = 3
                short, _ = run(command + extra + ["-n", "1"])
                long, peak = run(command + extra + ["-n", str(1 + count)])
                row[plan] = {"megabytes": peak,
                             "ms_per_megapixel": (long - short) / count * 1e3 / megapixels}
            results.append(row)
            print(f"{network:8} {size:>5} {row['kept']['megabytes']:10.0f}"
                  f" {row['kept']['ms_per_megapixel']:7.0f} {row['bands']['megabytes']:10.0f}"
                  f" {row['bands']['ms_per_megapixel']:7.0f}", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("nst")
    parser.add_argument("--parts", default="iteration,whole,memory")
    parser.add_argument("--sizes", default="256,512")
    parser.add_argument("--memory-sizes", default="512,1024,2048,4096")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--networks", default="full,slim")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        full = os.path.join(folder, "full.safetensors")
        write_full_width(full)
        for part in options.parts.split(","):
            if part == "iteration":
                results[part] = iteration(options, full)
            elif part == "whole":
                results[part] = whole(options, folder)
            elif part == "memory":
                results[part] = memory(options, folder, full)
            else:
                sys.exit(f"bench: no part {part}: iteration, whole or memory")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()

"""Time per iteration, nst against PyTorch and against its own slower paths: programs that stay warm
are asked in turn (A B A B ...), and the medians are compared.

    bench.py ITERATION-PROGRAM [--sizes 256,512] [--threads 1,2] [--rounds 9] [--json FILE]

The full-width network has seeded random weights: speed does not depend on values.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile

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


class Contestant:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--sizes", default="256,512")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--networks", default="full,slim")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json")
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        full = os.path.join(folder, "full.safetensors")
        write_full_width(full)
        print("milliseconds per iteration, median of interleaved rounds\n")
        print(f"{'network':8} {'size':>5} {'threads':>7} {'PyTorch':>9} {'nst':>8} {'OpenBLAS':>9} {'im2col':>8}"
              f" {'ratio':>6} {'ratio, OpenBLAS':>16}")
        for network in options.networks.split(","):
            weights = full if network == "full" else BUNDLED
            for size in options.sizes.split(","):
                for threads in options.threads.split(","):
                    ours = lambda *algorithm: [options.program, weights, size, threads, *algorithm]
                    medians = race({
                        "torch": [sys.executable, os.path.join(HERE, "peer.py"), weights, size, threads],
                        "nst": ours(), "openblas": ours("winograd"), "im2col": ours("im2col"),
                    }, options.rounds, 1 if network == "full" else 4)
                    row = {"network": network, "size": int(size), "threads": int(threads), **medians,
                           "ratio": medians["torch"] / medians["nst"],
                           "ratio_openblas": medians["torch"] / medians["openblas"]}
                    results.append(row)
                    print(f"{network:8} {size:>5} {threads:>7} {row['torch']:9.1f} {row['nst']:8.1f}"
                          f" {row['openblas']:9.1f} {row['im2col']:8.1f} {row['ratio']:5.2f}x"
                          f" {row['ratio_openblas']:15.2f}x", flush=True)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()

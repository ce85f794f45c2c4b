"""What a run costs, against PyTorch and against nst's own slower paths.

    bench.py FOLDER-OF-PROGRAMS NST-PROGRAM [--parts iteration,loaded,layers,start,first,whole,memory,huge]
             [--networks full,slim] [--sizes 256,512] [--threads 1,2] [--rounds 9]
             [--memory-sizes 512,1024,2048,4096] [--json FILE]

iteration  milliseconds per iteration: programs that stay warm are asked in turn (A B A B ...), and
           the medians are compared. "OpenBLAS" is Winograd on OpenBLAS' product, "im2col" the plain
           algorithm, "fast" products of bfloat16 where the processor has AMX. The full-width
           network has seeded random weights: speed does not depend on values.
loaded     the same at 512 pixels while another process keeps every processor busy.
layers     each convolution alone: GFLOP/s counted as direct convolution, error against double.
start      milliseconds of `nst --version`: median of 60 starts.
first      milliseconds from the start of the process to its first iteration.
whole      seconds of the default command, from start to end, median of three.
memory     megabytes at most, and milliseconds per iteration and megapixel, by size and plan, and for
           PyTorch where it has room.
huge       two iterations of the full-width network at 8192 x 8192.
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
BUNDLED = os.path.join(HERE, "..", "..", "weights", "vgg19-half.safetensors")
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


def environment():
    """Nothing that narrows OpenBLAS, and nobody's defaults."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    return {**kept, "XDG_CONFIG_HOME": "/nonexistent"}


class Contestant:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment())
        self.times = []
        self.ask(1)  # warm
        self.count = max(1, min(20, round(300 / self.ask(1))))

    def ask(self, count):
        time.sleep(0.1)  # let the threads of whoever was asked before fall asleep
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: a contestant died")
        return float(line) / count

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def race(commands, rounds):
    contestants = {name: Contestant(command) for name, command in commands.items()}
    for _ in range(rounds):
        for contestant in contestants.values():
            contestant.times.append(contestant.ask(contestant.count))
    for contestant in contestants.values():
        contestant.close()
    return {name: statistics.median(c.times) for name, c in contestants.items()}


def machine():
    """What the figures depend on: processor, what it has of vectors, caches, cores."""
    facts, flags = {}, []
    with open("/proc/cpuinfo") as file:
        for line in file:
            key, _, value = line.partition(":")
            facts.setdefault(key.strip(), value.strip())
    known = ("avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "sve")
    flags = [f for f in known if f in (facts.get("flags") or facts.get("Features") or "").split()]
    caches = []
    base = "/sys/devices/system/cpu/cpu0/cache"
    for index in sorted(os.listdir(base)) if os.path.isdir(base) else []:
        if not index.startswith("index"):
            continue
        level, kind, size = (open(os.path.join(base, index, name)).read().strip()
                             for name in ("level", "type", "size"))
        if kind != "Instruction":
            caches.append(f"L{level} {size.removesuffix('K')} KB")
    return {"processor": facts.get("model name", os.uname().machine), "model": facts.get("model"),
            "vectors": flags, "caches": caches, "cores": len(os.sched_getaffinity(0))}


def has_bf16(options):
    return subprocess.run([options.iteration, BUNDLED, "32", "1", "bf16"], stdin=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def iteration(options, full):
    results = []
    fast = has_bf16(options)
    print("Milliseconds per iteration, medians of interleaved rounds\n")
    print(f"{'network':8} {'size':>5} {'threads':>7} {'PyTorch':>9} {'nst':>8} {'OpenBLAS':>9} {'im2col':>8}"
          f" {'ratio':>6} {'ratio, OpenBLAS':>16} {'fast':>8}")
    for network in options.networks.split(","):
        weights = full if network == "full" else BUNDLED
        for size in options.sizes.split(","):
            for threads in options.threads.split(","):
                ours = [options.iteration, weights, size, threads]
                peer = [sys.executable, os.path.join(HERE, "peer.py"), weights, size, threads]
                row = {"network": network, "size": int(size), "threads": int(threads), **race({
                    "torch": peer, "nst": ours, "openblas": ours + ["winograd"],
                    "im2col": ours + ["im2col"], **({"fast": ours + ["bf16"]} if fast else {}),
                }, options.rounds)}
                row["ratio"] = row["torch"] / row["nst"]
                row["ratio_openblas"] = row["torch"] / row["openblas"]
                results.append(row)
                print(f"{network:8} {size:>5} {threads:>7} {row['torch']:9.1f} {row['nst']:8.1f}"
                      f" {row['openblas']:9.1f} {row['im2col']:8.1f} {row['ratio']:5.2f}x"
                      f" {row['ratio_openblas']:15.2f}x"
                      + (f" {row['fast']:8.1f}" if fast else f"{'-':>9}"), flush=True)
    return results


def loaded(options, full):
    """Quiet, then with a busy loop per processor, in turns."""
    threads = str(os.cpu_count())
    results = []
    print(f"\nMilliseconds per iteration at 512 pixels, {threads} threads, quiet and while another process"
          " keeps every processor busy\n")
    print(f"{'network':8} {'nst':>8} {'loaded':>8} {'slower':>7} {'PyTorch':>9} {'loaded':>8} {'slower':>7}"
          f" {'ratio':>6}")
    for network in options.networks.split(","):
        weights = full if network == "full" else BUNDLED
        row = {"network": network}
        contestants = {
            "nst": Contestant([options.iteration, weights, "512", threads]),
            "torch": Contestant([sys.executable, os.path.join(HERE, "peer.py"), weights, "512", threads])}
        times = {(name, busy): [] for name in contestants for busy in (False, True)}
        for _ in range(max(3, options.rounds // 3)):
            for busy in (False, True):
                others = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
                          for _ in range(os.cpu_count() if busy else 0)]
                time.sleep(0.5)
                for name, contestant in contestants.items():
                    times[name, busy].append(contestant.ask(contestant.count))
                for other in others:
                    other.kill()
                    other.wait()
        for name, contestant in contestants.items():
            contestant.close()
            row[name] = statistics.median(times[name, False])
            row[name + "_loaded"] = statistics.median(times[name, True])
        results.append(row)
        print(f"{network:8} {row['nst']:8.1f} {row['nst_loaded']:8.1f} {row['nst_loaded'] / row['nst']:6.2f}x"
              f" {row['torch']:9.1f} {row['torch_loaded']:8.1f} {row['torch_loaded'] / row['torch']:6.2f}x"
              f" {row['torch_loaded'] / row['nst_loaded']:5.2f}x", flush=True)
    return results


def layers(options, full):
    """In an iteration conv3_2 and conv4_2 occur three times: conv3_3, conv3_4 and so on are alike."""
    threads = str(os.cpu_count())
    text = subprocess.run([os.path.join(options.programs, "layers"), "512", threads, str(options.rounds)],
                          env=environment(), stdout=subprocess.PIPE, text=True, check=True).stdout
    *rows, product = json.loads(text)
    contestant = Contestant([options.iteration, full, "512", threads])
    whole_ms = statistics.median(contestant.ask(1) for _ in range(options.rounds))
    contestant.close()
    print(f"\nConvolutions alone at 512 pixels, {threads} threads; GFLOP/s counted as direct convolution\n"
          f"(OpenBLAS' product of 2048 x 2048: {product['gflops']}; one iteration: {whole_ms:.0f} ms)\n")
    print(f"{'layer':8} {'times':>5} {'algorithm':9} {'forward':>8} {'back':>8} {'of the iteration':>17} {'error':>8}")
    for row in rows:
        times = 3 if row["layer"] in ("conv3_2", "conv4_2") else 1
        row["share"] = times * (row["forward_ms"] + row["backward_ms"]) / whole_ms
        share = f"{row['share']:17.1%}" if row["algorithm"] == "packed" else " " * 17
        print(f"{row['layer']:8} {times:5} {row['algorithm']:9} {row['forward_gflops']:8}"
              f" {row['backward_gflops']:8} {share} {row['error']:8.1e}", flush=True)
    return {"iteration_ms": whole_ms, "product_gflops": product["gflops"], "layers": rows}


def run(command):
    """-> (seconds, megabytes at most)"""
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("bench: failed: " + " ".join(command))
    return time.monotonic() - start, usage.ru_maxrss / 1024


def images(folder, content="harbour", style="oil"):
    samples = os.path.join(HERE, "..", "..", "images")
    return ["-c", os.path.join(samples, content + ".jpg"), "-s", os.path.join(samples, style + ".jpg"),
            "-o", os.path.join(folder, "out.png"), "-w", "bundled"]


def square(folder):
    return images(folder, "mosaic", "oil")


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
    text = subprocess.run(command + ["--max-memory", "1T", "-n", "0", "-v"], env=environment(),
                          stderr=subprocess.PIPE, text=True, check=True).stderr
    figure, unit = re.search(r"memory: ([0-9.]+) ([kMG]B)", text).groups()
    return int(float(figure) * {"kB": 1e3, "MB": 1e6, "GB": 1e9}[unit] * 0.99)


def room():
    """Bytes of this machine's memory that are free to be used."""
    with open("/proc/meminfo") as file:
        return int(re.search(r"MemAvailable: *([0-9]+) kB", file.read())[1]) * 1024


def torch_run(weights, size, count):
    """-> (megabytes at most, milliseconds per iteration)"""
    process = subprocess.Popen([sys.executable, os.path.join(HERE, "peer.py"), weights, str(size),
                                str(os.cpu_count())], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True, env=environment())
    process.stdin.write("1\n" + "1\n" * count)
    process.stdin.close()
    times = [float(line) for line in process.stdout][1:]
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss / 1024, statistics.median(times)


def memory(options, folder, full):
    results = []
    print("\nA run of Adam on a square picture at one scale: megabytes at most; milliseconds per iteration"
          " and megapixel\n")
    print(f"{'network':8} {'size':>5} {'kept, MB':>10} {'ms/MP':>7} {'bands, MB':>10} {'ms/MP':>7}"
          f" {'PyTorch, MB':>12} {'ms/MP':>7}")
    for network in options.networks.split(","):
        weights = full if network == "full" else BUNDLED
        torch_per_pixel = None
        for size in map(int, options.memory_sizes.split(",")):
            row = {"network": network, "size": size}
            command = [options.nst, *square(folder), "-S", str(size), "--scales", "1",
                       "--optimizer", "adam", "-w", weights]
            megapixels = size ** 2 / 1e6
            count = 3 if size > 1024 else 12
            for plan in ("kept", "bands"):
                extra = ["--max-memory", "1T" if plan == "kept" else str(needed(command) - 1)]
                times = []
                for _ in range(3 if size <= 1024 else 1):
                    short, _ = run(command + extra + ["-n", "1"])
                    long, peak = run(command + extra + ["-n", str(1 + count)])
                    times.append((long - short) / count * 1e3)
                row[plan] = {"megabytes": peak, "ms_per_megapixel": statistics.median(times) / megapixels}
            line = (f"{network:8} {size:>5} {row['kept']['megabytes']:10.0f}"
                    f" {row['kept']['ms_per_megapixel']:7.0f} {row['bands']['megabytes']:10.0f}"
                    f" {row['bands']['ms_per_megapixel']:7.0f}")
            if torch_per_pixel is None or torch_per_pixel * size ** 2 < 0.9 * room():
                megabytes, milliseconds = torch_run(weights, size, 3)
                row["torch"] = {"megabytes": megabytes, "ms_per_megapixel": milliseconds / megapixels}
                torch_per_pixel = megabytes * 1e6 / size ** 2
                line += f" {megabytes:12.0f} {milliseconds / megapixels:7.0f}"
            else:
                line += f" {'no room':>12}"
            results.append(row)
            print(line, flush=True)
    return results


def start(options):
    times = []
    for _ in range(60):
        begin = time.perf_counter()
        subprocess.run([options.nst, "--version"], stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - begin) * 1e3)
    print(f"\nnst --version: {statistics.median(times):.1f} ms, at least {min(times):.1f}", flush=True)
    return {"median_ms": statistics.median(times), "least_ms": min(times)}


def until_first(command):
    """Milliseconds until the first event of progress; the run is then ended."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if json.loads(line)["event"] == "progress":
            break
    else:
        sys.exit("bench: failed: " + " ".join(command))
    passed = (time.perf_counter() - begin) * 1e3
    process.kill()
    process.wait()
    process.stderr.close()
    return passed


def first(options, folder, full):
    results = []
    print("\nMilliseconds from the start of the process to its first iteration\n")
    for network in options.networks.split(","):
        weights = full if network == "full" else BUNDLED if network == "slim" else network
        for extra in ([], ["-S", "256", "--scales", "1"], ["-S", "512", "--scales", "1"]):
            # One iteration at each scale: of more, the log tells only some.
            command = [options.nst, *images(folder), "-w", "bundled" if weights == BUNDLED else weights,
                       "-n", "1", "--coarse-iterations", "1", "--log", "json", "--overwrite", *extra]
            times = [until_first(command) for _ in range(options.rounds)]
            results.append({"network": network, "options": extra, "median_ms": statistics.median(times),
                            "least_ms": min(times)})
            print(f"{network:8} {' '.join(extra) or 'default':22} {statistics.median(times):6.0f}"
                  f"   at least {min(times):.0f}", flush=True)
    return results


def huge(options, folder, full):
    print("\nTwo iterations of Adam at 8192 x 8192, full width\n")
    command = [options.nst, *square(folder), "-S", "8192", "--scales", "1", "--optimizer", "adam",
               "-w", full, "-n", "2", "--max-memory", "19G"]
    seconds, peak = run(command)
    print(f"{peak / 1024:.1f} GiB at most, {seconds:.0f} s", flush=True)
    return {"megabytes": peak, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("nst")
    parser.add_argument("--parts", default="iteration,loaded,layers,start,first,whole,memory")
    parser.add_argument("--sizes", default="256,512")
    parser.add_argument("--memory-sizes", default="512,1024,2048,4096")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--networks", default="full,slim")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json")
    options = parser.parse_args()
    options.iteration = os.path.join(options.programs, "iteration")
    results = {"machine": machine()}
    m = results["machine"]
    print(f"{m['processor']}, model {m['model']}, {m['cores']} cores; {' '.join(m['vectors'])}; "
          f"{', '.join(m['caches'])}\n")
    with tempfile.TemporaryDirectory() as folder:
        full = os.path.join(folder, "full.safetensors")
        write_full_width(full)
        parts = {"iteration": lambda: iteration(options, full), "loaded": lambda: loaded(options, full),
                 "layers": lambda: layers(options, full), "start": lambda: start(options),
                 "first": lambda: first(options, folder, full),
                 "whole": lambda: whole(options, folder), "memory": lambda: memory(options, folder, full),
                 "huge": lambda: huge(options, folder, full)}
        for part in options.parts.split(","):
            if part not in parts:
                sys.exit(f"bench: no part {part}: " + ", ".join(parts))
            results[part] = parts[part]()
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()

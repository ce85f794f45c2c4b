#!/usr/bin/python3
"""Compare models by the pictures that nst paints through them: see README.md beside this file.

    scripts/train/judge.py --nst build/nst --ruler vgg19.safetensors \
        --content PHOTO... --style PAINTING... \
        --model old=OLD.safetensors --model new=NEW.safetensors [-- option of nst ...]

Every photo is painted in every style. `nst measure` says under the ruler, which took no part
in the painting, how far the pictures are from photo and painting. A model could trade one
for the other: the content weight of the second and later models is changed until the content
distance agrees with that of the first. Printed are geometric means over the pairs.
"""

import argparse
import json
import math
import os
import subprocess

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1")
CONTENT_WEIGHT = 0.02  # the default of nst, for the first model
CLOSE = 0.005  # content distances that agree: their logarithms differ by no more
ATTEMPTS = 4


def arguments():
    parser = argparse.ArgumentParser(description="Compare models by what nst paints with them.")
    parser.add_argument("--nst", default="nst", help="the program")
    parser.add_argument("--ruler", metavar="FILE", required=True, help="weights to measure with")
    parser.add_argument("--content", metavar="PHOTO", nargs="+", required=True)
    parser.add_argument("--style", metavar="PAINTING", nargs="+", required=True)
    parser.add_argument("--model", metavar="NAME=FILE", action="append", required=True)
    parser.add_argument("--size", type=int, default=512, help="longest side (default 512)")
    parser.add_argument("--content-layer", default="relu3_4", help="of the ruler (default relu3_4)")
    parser.add_argument("--threads", default="1")
    parser.add_argument("--keep", metavar="FOLDER", default="judged",
                        help="for the pictures; those there already are not painted again")
    parser.add_argument("options", metavar="option", nargs="*", help="of nst, after --")
    return parser.parse_args()


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def paint(args, name, file, content, style, weight):
    """-> the picture's file, painted unless it is there."""
    os.makedirs(args.keep, exist_ok=True)
    output = os.path.join(args.keep, f"{stem(content)}-{stem(style)}-{args.size}-{name}-"
                                     f"{weight:.5f}.png")
    if not os.path.exists(output):
        subprocess.run([args.nst, "-q", "-w", file, "-c", content, "-s", style, "-S", str(args.size),
                        "-j", args.threads, "--content-weight", f"{weight:.5f}", "-o", output,
                        *args.options], check=True)
    return output


def measure(args, content, style, picture):
    """-> content distance, style distances, fine detail."""
    layers = ",".join((*STYLE_LAYERS, args.content_layer))
    result = subprocess.run([args.nst, "measure", "--json", "-w", args.ruler, "--layers", layers,
                             "-S", str(args.size), "-j", args.threads, "-c", content, "-s", style,
                             picture], check=True, stdout=subprocess.PIPE).stdout
    found = json.loads(result)["pictures"][0]
    return [found["content-distance"][args.content_layer],
            *(found["style-distance"][layer] for layer in STYLE_LAYERS), found["fine-detail"]]


def judge(args, name, file, weight):
    """-> one row of measurements for every pair."""
    return [measure(args, content, style, paint(args, name, file, content, style, weight))
            for content in args.content for style in args.style]


def means(rows):
    return [math.exp(sum(map(math.log, column)) / len(rows)) for column in zip(*rows)]


def judge_at(args, name, file, content_distance):
    """The content weight at which the model keeps that content distance, by secants between
    logarithms, and the rows there."""
    tried = []
    x = math.log(CONTENT_WEIGHT)
    for _ in range(ATTEMPTS):
        rows = judge(args, name, file, math.exp(x))
        tried.append((math.log(means(rows)[0] / content_distance), x, rows))
        tried.sort(key=lambda attempt: abs(attempt[0]))
        if tried[0][0] == 0 or abs(tried[0][0]) < CLOSE:
            break
        slope = -0.15  # of log distance over log weight, for a start
        if len(tried) > 1 and tried[0][1] != tried[1][1]:
            slope = min(-0.03, (tried[0][0] - tried[1][0]) / (tried[0][1] - tried[1][1]))
        x = tried[0][1] - max(-1, min(1, tried[0][0] / slope))
    return math.exp(tried[0][1]), tried[0][2]


def main():
    args = arguments()
    first = None
    print("| model | content weight | content, " + args.content_layer + " | style, "
          + " | ".join(STYLE_LAYERS) + " | fine detail / style's | pairs nearer than the first's |")
    print("| --- " * (len(STYLE_LAYERS) + 5) + "|")
    for model in args.model:
        name, file = model.split("=", 1)
        if first is None:
            weight, rows = CONTENT_WEIGHT, judge(args, name, file, CONTENT_WEIGHT)
            first = rows
        else:
            weight, rows = judge_at(args, name, file, means(first)[0])
        wins = sum(math.prod(a[1:-1]) < math.prod(b[1:-1]) for a, b in zip(rows, first))
        print(f"| {name} | {weight:.4f} | " + " | ".join(f"{v:.4f}" for v in means(rows)) +
              (" | |" if rows is first else f" | {wins} of {len(rows)} |"), flush=True)


if __name__ == "__main__":
    main()

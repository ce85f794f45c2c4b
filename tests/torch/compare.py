#!/usr/bin/env python3
"""Compare the objective and the optimizers live with PyTorch: `scripts/test --torch`.

    tests/torch/compare.py PATH/TO/dump_gradient

Gradients: relative L2 distance under 1e-4 of the double reference, at points without ties (see
ties.py). Optimizers: after 50 evaluations from the content image, L-BFGS and Adam end no higher
than those of torch.optim with the same settings, within 2 %; L-BFGS is held to the better of
torch's, with and without its line search. Both ends are measured by the reference. L-BFGS is
chaotic: a start that differs by 1e-4, a fortieth of a grey level, ends 3 % higher or lower. So
medians are compared, over five such starts.

Besides the bundled model this takes vgg19-conv1_1-conv3_4.safetensors from $NST_SHARED/weights, or
the folder `shared` beside the project, if it is there.
"""

import os
import subprocess
import sys
import tempfile

import numpy
import torch

import ties
from make_fixtures import GATYS, PROJECT, SLIM
from problem import Problem, seeded_image

EVALUATIONS = 50
HISTORY = 20
STARTS = 5
ADAM_STEP = 0.02
SHARED = os.environ.get("NST_SHARED", os.path.join(PROJECT, "..", "shared"))
REAL = os.path.abspath(os.path.join(SHARED, "weights", "vgg19-conv1_1-conv3_4.safetensors"))
BUNDLED = os.path.abspath(os.path.join(PROJECT, "weights", "vgg19-half.safetensors"))


def problems():
    """(name, problem) of everything that is compared."""
    shallow = dict(content_layers=(("relu3_2", 1.0),), style_layers=GATYS[:3] + (("relu3_4", 1.0),))
    for width, height in ((131, 97), (97, 131), (61, 211), (45, 33)):
        size = dict(size=(width, height), styles=((2, 109, 83, 1.0),))
        bundled = ("file", BUNDLED)
        yield f"bundled {width}x{height}", Problem(bundled, style_layers=GATYS, **size)
        yield f"bundled, average, {width}x{height}", Problem(bundled, style_layers=GATYS, **size,
                                                             pooling="avg")
        if os.path.exists(REAL):
            yield f"VGG19 to conv3_4, {width}x{height}", Problem(("file", REAL), **size, **shallow)

    # What an artist may change, each alone.
    alone = dict(size=(97, 131), style_layers=GATYS)
    one, two = (2, 109, 83, 3.0), (4, 75, 90, 1.0)
    layers = (("relu2_2", 1.0), ("relu4_2", 3.0))
    yield "blend", Problem("slim", styles=(one, two), **alone)
    yield "content layers", Problem("slim", styles=(one,), content_layers=layers, **alone)
    yield "covariance", Problem("slim", styles=(one,), stat="covariance", **alone)
    yield "w2", Problem("slim", styles=(one,), stat="w2", **alone)
    yield "luma", Problem("slim", styles=(one,), color="luma", **alone)
    yield "match", Problem("slim", styles=(one,), color="match", **alone)
    masked = ((*one, (0, 1, 2), 6), (*two, (1, 2), 0))
    yield "regions", Problem("slim", styles=masked, regions=(5, 3), **alone)
    yield "all together", Problem("slim", styles=masked, regions=(5, 3), stat="covariance",
                                  color="luma", content_layers=layers, pooling="avg", **alone)


def run(program, folder, problem, x, *mode):
    """-> (losses, array shaped like x)"""
    paths = [os.path.join(folder, name) for name in ("problem", "out")]
    problem.write(paths[0], x)
    subprocess.run([program, *paths, *map(str, mode)], check=True)
    with open(paths[1], "rb") as file:
        losses = tuple(map(float, file.readline().split()))
        return losses, numpy.frombuffer(file.read(), "<f4").reshape(x.shape)


def compare_gradient(program, folder, problem):
    objective = problem.objective(problem.model(SLIM, None))
    x = ties.move_away(objective, problem.start(), 1e-4)
    expected_losses, expected = objective.evaluate(x)
    losses, gradient = run(program, folder, problem, x, "evaluate")
    error = numpy.linalg.norm(gradient - expected) / numpy.linalg.norm(expected)
    loss_error = max(abs(a / b - 1) for a, b in zip(losses, expected_losses))
    return error < 1e-4 and loss_error < 1e-5, f"gradient off by {error:.1e}, losses {loss_error:.1e}"


class _Enough(Exception):
    pass


def torch_minimum(objective, x, make, low_high=None):
    """Lowest loss of the first EVALUATIONS evaluations, and the loss after as many steps."""
    point = torch.tensor(x, dtype=torch.double, requires_grad=True)
    optimizer, seen = make([point]), []

    def closure():
        if len(seen) == EVALUATIONS:
            raise _Enough
        optimizer.zero_grad()
        loss = objective.losses(point)[-1]
        loss.backward()
        seen.append(float(loss.detach()))
        return loss

    try:
        while True:
            optimizer.step(closure)
            if low_high:
                with torch.no_grad():
                    point.clamp_(*low_high)
    except _Enough:
        return min(seen), float(objective.losses(point)[-1].detach())


def compare_optimizers(program, folder, problem):
    objective = problem.objective(problem.model(SLIM, None))
    x = seeded_image(problem.content, *problem.size)

    def lbfgs(search):
        return lambda points: torch.optim.LBFGS(
            points, lr=1, max_iter=10 ** 6, max_eval=10 ** 6, history_size=HISTORY,
            tolerance_grad=0, tolerance_change=0, line_search_fn=search)

    def torch_adam(points):
        return torch.optim.Adam(points, lr=ADAM_STEP, betas=(0.9, 0.99), eps=1e-8)

    def ours(x, *mode):
        _, end = run(program, folder, problem, x, *mode)
        return objective.evaluate(end)[0][-1]

    noise = numpy.random.RandomState(1)
    starts = [x + (1e-4 * noise.randn(*x.shape) if i else 0) for i in range(STARTS)]
    starts = [numpy.clip(start, 0, 1).astype(x.dtype) for start in starts]
    our_lbfgs, searched, plain, our_adam, adam = numpy.median([(
        ours(start, "lbfgs", EVALUATIONS, HISTORY),
        torch_minimum(objective, start, lbfgs("strong_wolfe"))[0],
        torch_minimum(objective, start, lbfgs(None))[0],
        ours(start, "adam", EVALUATIONS, ADAM_STEP),
        torch_minimum(objective, start, torch_adam, (0, 1))[1]) for start in starts], axis=0)
    yield our_lbfgs <= 1.02 * min(searched, plain), (
        f"L-BFGS {our_lbfgs:.5f}, torch's {searched:.5f} with a line search, {plain:.5f} without")
    yield our_adam <= 1.02 * adam, f"Adam {our_adam:.5f}, torch's {adam:.5f}"


def main():
    program, failures = sys.argv[1], 0

    def report(name, good, text):
        nonlocal failures
        failures += not good
        print(f"{'ok    ' if good else 'FAILED'} {name}: {text}", flush=True)

    if not os.path.exists(REAL):
        print("SKIP the real VGG19: set NST_SHARED to the folder that has its weights")
    with tempfile.TemporaryDirectory() as folder:
        for name, problem in problems():
            report(name, *compare_gradient(program, folder, problem))
        for name, problem in problems():
            if name.endswith("97x131"):
                for result in compare_optimizers(program, folder, problem):
                    report(name, *result)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

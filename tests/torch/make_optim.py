#!/usr/bin/env python3
"""Write tests/fixtures/optim.golden: where ten steps of PyTorch's optimizers lead, in double.

    tests/torch/make_optim.py

The function is that of tests/unit/test_optim.c:
    f(x) = sum log cosh(a_i (x_i - b_i)) + 0.2 sum (x_i - x_i+1)^2,
    a_i = 1 + 0.5 sin(i), b_i = 0.5 + 0.4 cos(1.7 i), from x_i = 0.5 + 0.3 sin(3 i), i = 0..36.
Each line is a name and 37 numbers."""

import os

import torch

N, STEPS = 37, 10
i = torch.arange(N, dtype=torch.double)
a, b, start = 1 + 0.5 * torch.sin(i), 0.5 + 0.4 * torch.cos(1.7 * i), 0.5 + 0.3 * torch.sin(3 * i)


def minimize(make, times):
    x = start.clone().requires_grad_()
    optimizer = make([x])

    def closure():
        optimizer.zero_grad()
        value = (a * (x - b)).cosh().log().sum() + 0.2 * ((x[:-1] - x[1:]) ** 2).sum()
        value.backward()
        return value

    for _ in range(times):
        optimizer.step(closure)
    return x.detach()


results = {
    "adam": minimize(lambda x: torch.optim.Adam(x, lr=0.02, betas=(0.9, 0.99), eps=1e-8), STEPS),
    "lbfgs": minimize(lambda x: torch.optim.LBFGS(x, lr=1, max_iter=STEPS, history_size=4,
                                                  tolerance_grad=0, tolerance_change=0), 1),
}
path = os.path.join(os.path.dirname(__file__), "..", "fixtures", "optim.golden")
with open(path, "w") as file:
    for name, x in results.items():
        print(name, *(f"{v:.12g}" for v in x.tolist()), file=file)

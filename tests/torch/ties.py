"""Points where a gradient can be compared strictly.

The objective has kinks: a ReLU whose input is zero, a maximum over a window whose two largest
values are equal. Within rounding of one, the gradients of two correct programs differ by far more
than rounding, because one unit is switched the other way. Comparing with a tolerance loose enough
for that would hide real errors, and holding one program's switches fixed for the other would hide
errors in the switches. So instead the point is moved, by a few hundredths of a grey level at
most, to where no switch of the network is nearer than `margin`, in units of the root mean square
of its channel before the ReLU (at least a tenth of its layer's). Rounding in single precision is a
few millionths in these units.
"""

import numpy
import torch
import torch.nn.functional as functional

from nst_reference import POOL_BEFORE


class _Switches:
    """Collects the distance to every switch that is nearer than margin."""

    def __init__(self, objective, scales, margin):
        self.scales, self.margin, self.near = scales, margin, []
        self.pooled_max = {layer - 1 for layer in POOL_BEFORE} if objective.pooling == "max" else ()
        self.last = max(objective.taps)

    def __call__(self, layer, z, wide=False):
        key = (layer, wide)
        if key not in self.scales:  # a channel that is never anything but zero has no switch
            rms = z.detach().square().mean((1, 2), keepdim=True).sqrt()
            scale = rms.clamp(min=0.1 * float(rms.square().mean().sqrt()))
            self.scales[key] = torch.where(rms > 0, scale, torch.full_like(rms, numpy.inf))
        z = z / self.scales[key]
        live = torch.isfinite(self.scales[key]).expand_as(z)
        self._add(z.abs()[live])
        if not wide and layer in self.pooled_max and layer < self.last and min(z.shape[1:]) >= 2:
            c, h, w = z.shape
            windows = functional.unfold(functional.relu(z)[:, None], 2, stride=2)  # [c, 4, n]
            first, second = windows.topk(2, dim=1).values.unbind(1)
            self._add((first - second)[first > 0])

    def _add(self, distances):
        near = distances[distances < self.margin]
        if len(near):
            self.near.append(near)


def nearest(objective, x, scales=None, margin=1.0):
    """Distance from x to the nearest switch, at most margin."""
    switches = _Switches(objective, {} if scales is None else scales, margin)
    with torch.no_grad():
        objective.model.features(torch.tensor(x, dtype=torch.double).expand(3, -1, -1),
                                 objective.taps, objective.pooling, switches)
    return min((float(near.min()) for near in switches.near), default=margin)


def move_away(objective, x, margin, steps=400, verbose=False):
    """x moved, in single precision, to where every switch is at least margin away."""
    x = numpy.asarray(x, numpy.float32)
    scales = {}
    for step in range(steps):
        point = torch.tensor(x, dtype=torch.double, requires_grad=True)
        # Aim a little further, so that the aim is reached for good after finitely many steps.
        switches = _Switches(objective, scales, 1.3 * margin)
        objective.model.features(point.expand(3, -1, -1), objective.taps, objective.pooling, switches)
        near = torch.cat(switches.near) if switches.near else torch.zeros(0)
        closest = float(near.min()) if len(near) else numpy.inf
        if verbose:
            print(f"  step {step}: {len(near)} near, nearest {closest:.2e}", flush=True)
        if closest >= margin:
            return x
        # Newton's step on one equation: the sum of squared shortfalls is to vanish.
        shortfall = (1.3 * margin - near).square().sum()
        (gradient,) = torch.autograd.grad(shortfall, point)
        step_size = 2 * shortfall.detach() / gradient.square().sum()
        x = (point.detach() - step_size * gradient).numpy().astype(numpy.float32)
    raise RuntimeError(f"no point without ties found in {steps} steps")

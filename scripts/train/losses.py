"""Losses of a step, each with its gradient worked out by hand: what costs here is passing over
memory, and autograd would do it many times more often."""

import torch


class Regression(torch.autograd.Function):
    """A tap's loss on pairs (a, b) of pictures, with residuals d = prediction - target:

        mean of d^2  +  share * mean over pairs of |d_a - d_b|^2 / pair_scale

    pair_scale is |t_a - t_b|^2: the second term is what the prediction of the change from a to b
    misses, the network's derivative by finite differences. Returns the sum, the first term, and the
    second by pair."""

    @staticmethod
    def forward(context, prediction, target, pair_scale, share):
        residual = prediction - target
        count = residual.numel()
        pairs = residual.unflatten(0, (-1, 2))
        change = pairs[:, 0] - pairs[:, 1]
        norms = torch.linalg.vector_norm(change, dim=(1, 2, 3), dtype=torch.float32) ** 2
        square = torch.linalg.vector_norm(residual, dtype=torch.float32) ** 2 / count
        differences = norms / pair_scale
        weight = share / len(pair_scale) / pair_scale
        gradient = residual.mul_(2 / count)
        change = change.mul_((2 * weight).to(change.dtype).view(-1, 1, 1, 1))
        by_pair = gradient.unflatten(0, (-1, 2))
        by_pair[:, 0] += change
        by_pair[:, 1] -= change
        context.save_for_backward(gradient)
        context.mark_non_differentiable(differences)
        return square + (weight * norms).sum(), square, differences

    @staticmethod
    def backward(context, scale, _, __):
        (gradient,) = context.saved_tensors
        return gradient * scale.to(gradient.dtype), None, None, None


class Rectifier(torch.autograd.Function):
    """A tap's ReLU. What it holds at zero is still told to rise where the loss would have it larger:
    the slope of (relu(z) - t)^2 at z < 0 < t is taken to be -2 t and not 0. Otherwise an output that
    is zero on every picture never learns again, and one in twenty ended so."""

    @staticmethod
    def forward(context, z):
        result = z.clamp(min=0)
        context.save_for_backward(result)
        return result

    @staticmethod
    def backward(context, gradient):
        (result,) = context.saved_tensors
        return gradient.masked_fill((result == 0) & (gradient > 0), 0)


class Window(torch.autograd.Function):
    """Of each block of crops its own square window: `corners` has one for every block."""

    @staticmethod
    def forward(context, features, corners, side):
        context.shape, context.corners, context.side = features.shape, corners, side
        result = torch.empty((len(features), features.shape[1], side, side), dtype=features.dtype,
                             device=features.device, memory_format=torch.channels_last)
        blocks = zip(result.chunk(len(corners)), features.chunk(len(corners)), corners)
        for mine, block, (top, left) in blocks:
            mine.copy_(block[:, :, top:top + side, left:left + side])
        return result

    @staticmethod
    def backward(context, gradient):
        result = torch.empty(context.shape, dtype=gradient.dtype, device=gradient.device,
                             memory_format=torch.channels_last).zero_()
        side, count = context.side, len(context.corners)
        blocks = zip(result.chunk(count), gradient.chunk(count), context.corners)
        for block, mine, (top, left) in blocks:
            block[:, :, top:top + side, left:left + side].copy_(mine)
        return result, None, None

"""AdamW, and Muon for the kernels of convolutions (Jordan et al. 2024, "Muon: an optimizer for
hidden layers in neural networks"): the update is the momentum with all its singular values brought
near 1, here scaled so that every kernel moves by the same share of what it was made of at the
beginning, RELATIVE times the learning rate in a step."""

import torch

RELATIVE = 4


def orthogonal(matrix, steps=5):
    """Newton-Schulz by the quintic of Jordan et al.; singular values end between 0.7 and 1.2."""
    a, b, c = 3.4445, -4.7750, 2.0315
    wide = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if wide else matrix
    x = (x / (x.norm() + 1e-12)).bfloat16()
    for _ in range(steps):
        s = x @ x.T
        x = torch.addmm(x, torch.addmm(s, s, s, beta=b, alpha=c), x, beta=a)
    return (x.T if wide else x).float()


class Optimizer:
    def __init__(self, student, args):
        self.muon = args.optimizer == "muon"
        self.decay = args.weight_decay
        kernels = [w for w, _ in student.trunk[1:]] + [w for w, _ in student.taps.values()]
        self.kernels = kernels if self.muon else []
        chosen = {id(p) for p in self.kernels}
        rest = [p for p in student.parameters() if id(p) not in chosen]
        self.sizes = [RELATIVE * ((1 + (w.shape[2] > 1)) / w[0].numel()) ** 0.5 for w in self.kernels]
        self.momenta = [torch.zeros_like(p) for p in self.kernels]
        self.adam = torch.optim.AdamW(
            [{"params": [p for p in rest if p.dim() > 1], "weight_decay": args.weight_decay},
             {"params": [p for p in rest if p.dim() == 1], "weight_decay": 0.0}],
            lr=args.learning_rate, betas=(0.9, 0.98), foreach=True)
        self.parameters = student.parameters()

    @torch.no_grad()
    def step(self, rate, most=5.0):
        # Nothing here waits for the device.
        gradients = [torch.nan_to_num_(p.grad, 0, 0, 0) for p in self.parameters]
        norm = torch.stack(torch._foreach_norm(gradients)).norm()
        share = (most / (norm + 1e-6)).clamp(max=1)
        for gradient in gradients:
            gradient.mul_(share)
        for group in self.adam.param_groups:
            group["lr"] = rate
        self.adam.step()
        for p, momentum, size in zip(self.kernels, self.momenta, self.sizes):
            momentum.lerp_(p.grad, 0.05)
            look = torch.lerp(p.grad, momentum, 0.95)  # Nesterov
            # [out, ky, kx, in] is how it lies in memory
            matrix = look.permute(0, 2, 3, 1).flatten(1)
            update = max(matrix.shape) ** 0.5 * orthogonal(matrix).view(look.permute(0, 2, 3, 1).shape).permute(0, 3, 1, 2)
            p.mul_(1 - rate * self.decay)
            p.add_(update, alpha=-rate * size)
        for p in self.parameters:
            p.grad = None

    def state(self):
        return {"momenta": self.momenta, "adam": self.adam.state_dict()}

    def restore(self, state):
        for mine, saved in zip(self.momenta, state["momenta"]):
            mine.copy_(saved)
        self.adam.load_state_dict(state["adam"])

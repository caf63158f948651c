class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, https://arxiv.org/abs/2302.06675"""

    def __init__(self, parameters, lr, betas, weight_decay):
        super().__init__(parameters, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (beta1, beta2), lr = group["betas"], group["lr"]
            for value in group["params"]:
                if value.grad is None:
                    continue
                mean = self.state[value].setdefault("mean", torch.zeros_like(value))
                direction = beta1 * mean + (1 - beta1) * value.grad
                value.mul_(1 - lr * group["weight_decay"]).sub_(lr * direction.sign())
                mean.mul_(beta2).add_(value.grad, alpha=1 - beta2)



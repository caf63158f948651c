class Muon:
    """Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/

    The weights between the first and the last layer move by their momentum, made orthogonal; all other
    parameters follow AdamW.
    """

    def __init__(self, parameters, lr, momentum, nesterov, ns_steps, update_rms, weight_decay):
        weights = [one for one in parameters if one.dim() > 1]
        self.hidden = weights[1:-1]
        rest = [one for one in parameters if not any(one is other for other in self.hidden)]
        self.adamw = torch.optim.AdamW(rest, lr, weight_decay=weight_decay)
        self.param_groups = self.adamw.param_groups
        self.means = [torch.zeros_like(weight) for weight in self.hidden]
        self.momentum, self.nesterov, self.ns_steps = momentum, nesterov, ns_steps
        self.update_rms, self.weight_decay = update_rms, weight_decay

    def zero_grad(self):
        self.adamw.zero_grad()
        for weight in self.hidden:
            weight.grad = None

    @torch.no_grad()
    def step(self):
        self.adamw.step()
        lr = self.param_groups[0]["lr"]
        for weight, mean in zip(self.hidden, self.means):
            mean.lerp_(weight.grad, 1 - self.momentum)
            ahead = mean.lerp(weight.grad, 1 - self.momentum) if self.nesterov else mean
            step = self.orthogonal(ahead.flatten(1)).view_as(weight)
            size = lr * self.update_rms * max(weight.shape[0], weight[0].numel()) ** 0.5
            weight.mul_(1 - lr * self.weight_decay).sub_(size * step)

    def orthogonal(self, matrix):
        """All singular values near 1, by Newton-Schulz iterations."""
        x = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
        x = x / x.norm().clamp_min(1e-7)
        for _ in range(self.ns_steps):
            a = x @ x.T
            x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
        return x.T if matrix.shape[0] > matrix.shape[1] else x



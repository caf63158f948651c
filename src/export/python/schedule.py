def half_cosine(start, end, progress):
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * progress))


def drops(losses, patience):
    """How often the loss has not fallen for more than `patience` epochs."""
    best, waited, count = math.inf, 0, 0
    for loss in losses:
        best, waited = (loss, 0) if loss < best * (1 - 1e-4) else (best, waited + 1)
        if waited > patience:
            waited, count = 0, count + 1
    return count


def learning_rate(time, losses):
    """The rate `time` epochs into the run; `losses` are the validation losses so far."""
    progress = min(max((time - WARMUP_EPOCHS) / max(EPOCHS - WARMUP_EPOCHS, 1e-9), 0.0), 1.0)
    factor = @@schedule@@
    warmup = time / WARMUP_EPOCHS if time < WARMUP_EPOCHS else 1.0
    return LEARNING_RATE * warmup * factor

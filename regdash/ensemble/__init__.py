"""The batched engine: many runs at once, equal to `regdash.train` to the last bit.

`train` is the readable oracle; this package is the same computation arranged for speed. What is here, in the order in
which a call passes through it:

    schedule    train_many: batches over an executor, progress, cancellation
    plan        which runs share a batch, and how large it is
    batch       one batch from first weights to finished runs
    layout      memory: one flat parameter buffer, every block aligned
    weights     initial weights, once per seed
    masks       dropout masks, once per seed; sharing: which runs use which
    epochs      an epoch from first to last, many of them in one call
    network     forward and backward pass
    products    matrix products for all runs in one call, in the oracle's own rounding
    losses      cross-entropy and its gradient, in the oracle's own rounding
    adam        Adam and AdamW in place
    unlocked    how all that runs without Python's lock
    recorder    curves and snapshots out of stored logits

**The promise.** On the CPU, every field of a `Run` has the bits that `train` gives it under the same number of torch
threads; batch size, order, company, executor and number of workers never matter. With `device="cuda"` the same engine
runs on a GPU, with initial weights and masks still drawn on the CPU. Products round differently there, and training
amplifies that, so results are close, not equal. Close means, in the test that runs where there is a GPU: parameters
within 1e-5 after the first epoch, accuracies within 0.02 over ten.

`docs/engine.md` tells why it is fast and why it is exact.
"""

from regdash.ensemble.schedule import train_many

__all__ = ["train_many"]

"""Takes the training step of a 3072-100-100-10 network in NumPy, PyTorch or JAX.

    python step.py {numpy,numpy-fast,torch,torch-fast,jax,jax-fast}

`run.py` starts this and talks to it in lines of JSON: in go the batches to train on, as
row numbers, out comes the library's version; then in goes a number of steps, out come
their losses and seconds, again and again. The problem (sizes, numbers, regularization,
rate) is that of `../problem/mod.rs`, number for number.
"""

import os

# One thread. These are read when a library is loaded, so they come before the imports.
for variable in [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
]:
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = (
    "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)
os.environ["NPROC"] = "1"  # XLA's own pool of threads
os.environ["JAX_PLATFORMS"] = "cpu"

import json
import sys
import time

import numpy as np

IMAGES, PIXELS, HIDDEN, CLASSES = 4000, 3072, 100, 10
REG, LEARNING_RATE = 0.1, 1e-4
LAYERS = (1, 2, 3)


# The problem ------------------------------------------------------------------------


def hashes(stream, count):
    """The 32-bit finalizer of MurmurHash3 at stream * 2**24 + i."""
    h = (np.uint32(stream << 24) + np.arange(count, dtype=np.uint32)).astype(np.uint32)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def uniform(stream, scale, shape):
    """float32 numbers spread evenly over [-scale, scale)."""
    bits = hashes(stream, np.prod(shape, dtype=int)) >> np.uint32(8)
    unit = bits.astype(np.float32) / np.float32(8_388_608) - np.float32(1)
    return (np.float32(scale) * unit).reshape(shape)


def training_set():
    x = uniform(0, 111.0, (IMAGES, PIXELS))
    y = (hashes(1, IMAGES) % np.uint32(CLASSES)).astype(np.int64)
    return x, y


def parameters():
    return {
        "W1": uniform(2, 0.01, (PIXELS, HIDDEN)),
        "b1": uniform(3, 0.1, (HIDDEN,)),
        "W2": uniform(4, 0.1, (HIDDEN, HIDDEN)),
        "b2": uniform(5, 0.1, (HIDDEN,)),
        "W3": uniform(6, 0.1, (HIDDEN, CLASSES)),
        "b3": uniform(7, 0.1, (CLASSES,)),
    }


# NumPy, as the notebook does it -----------------------------------------------------


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, _ = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def affine_param_grads(dout, cache):
    x, _, _ = cache
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return None, dw, db


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def softmax_loss(scores, y):
    n = scores.shape[0]
    shifted = scores - scores.max(axis=1, keepdims=True)
    sums = np.exp(shifted).sum(axis=1, keepdims=True)
    log_probs = shifted - np.log(sums)
    loss = -log_probs[np.arange(n), y].mean()
    dscores = np.exp(log_probs)
    dscores[np.arange(n), y] -= 1
    return loss, dscores / n


def numpy_steps(indices, first_layer_backward=affine_backward):
    x_train, y_train = training_set()
    params = parameters()

    def loss_and_grads(x, y):
        hidden, caches = x, []
        for i in LAYERS:
            hidden, affine_cache = affine_forward(
                hidden, params[f"W{i}"], params[f"b{i}"]
            )
            relu_cache = None
            if i != LAYERS[-1]:
                hidden, relu_cache = relu_forward(hidden)
            caches.append((affine_cache, relu_cache))

        loss, dout = softmax_loss(hidden, y)
        grads = {}
        for i in reversed(LAYERS):
            affine_cache, relu_cache = caches.pop()
            if relu_cache is not None:
                dout = relu_backward(dout, relu_cache)
            backward = first_layer_backward if i == 1 else affine_backward
            dout, dw, db = backward(dout, affine_cache)
            w = params[f"W{i}"]
            loss += 0.5 * REG * np.sum(w * w)
            grads[f"W{i}"], grads[f"b{i}"] = dw + REG * w, db
        return loss, grads

    def step(k):
        batch = indices[k]
        loss, grads = loss_and_grads(x_train[batch], y_train[batch])
        for name, grad in grads.items():
            params[name] -= LEARNING_RATE * grad
        return loss

    return step, float, np.__version__


def numpy_fast_steps(indices):
    """The same without the first layer's dx, which nobody uses."""
    return numpy_steps(indices, affine_param_grads)


# PyTorch, eager ---------------------------------------------------------------------


def torch_start():
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    x_train, y_train = map(torch.from_numpy, training_set())
    net = nn.Sequential(
        nn.Linear(PIXELS, HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, CLASSES),
    )
    linears = [module for module in net if isinstance(module, nn.Linear)]
    weights = [linear.weight for linear in linears]
    biases = [linear.bias for linear in linears]
    with torch.no_grad():
        start = parameters()
        for i, w, b in zip(LAYERS, weights, biases):
            # nn.Linear keeps its weight as (M, D).
            w.copy_(torch.from_numpy(start[f"W{i}"]).T)
            b.copy_(torch.from_numpy(start[f"b{i}"]))
    return torch, x_train, y_train, net, weights, biases


def torch_steps(indices):
    """The loss as the formula has it; autograd does the rest."""
    torch, x_train, y_train, net, weights, _ = torch_start()
    indices = torch.from_numpy(indices)
    optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE)
    cross_entropy = torch.nn.CrossEntropyLoss()

    def step(k):
        batch = indices[k]
        x, y = x_train[batch], y_train[batch]
        optimizer.zero_grad()
        squares = sum(w.square().sum() for w in weights)
        loss = cross_entropy(net(x), y) + 0.5 * REG * squares
        loss.backward()
        optimizer.step()
        return loss

    return step, lambda loss: loss.item(), torch.__version__


def torch_fast_steps(indices):
    """The penalty's gradient left to the optimizer, which updates in one pass."""
    torch, x_train, y_train, net, weights, biases = torch_start()
    indices = torch.from_numpy(indices)
    optimizer = torch.optim.SGD(
        [{"params": weights, "weight_decay": REG}, {"params": biases}],
        lr=LEARNING_RATE,
        fused=True,
    )
    cross_entropy = torch.nn.CrossEntropyLoss()

    def step(k):
        batch = indices[k]
        x, y = x_train.index_select(0, batch), y_train[batch]
        optimizer.zero_grad()
        data_loss = cross_entropy(net(x), y)
        data_loss.backward()
        with torch.no_grad():
            squares = sum(torch.dot(w.flatten(), w.flatten()) for w in weights)
            loss = data_loss + 0.5 * REG * squares
        optimizer.step()
        return loss

    return step, lambda loss: loss.item(), torch.__version__


# JAX, compiled ----------------------------------------------------------------------


def jax_steps(indices, transposed=False):
    """The loss as the formula has it, differentiated and compiled."""
    import jax
    import jax.numpy as jnp

    def turned(w):
        return w.T if transposed else w

    x_train, y_train = training_set()
    x_train, y_train = jnp.asarray(x_train), jnp.asarray(y_train.astype(np.int32))
    batches = [jnp.asarray(batch.astype(np.int32)) for batch in indices]
    params = {
        name: jnp.asarray(turned(value) if name.startswith("W") else value)
        for name, value in parameters().items()
    }

    def loss_of(params, x, y):
        hidden = x
        for i in LAYERS:
            hidden = hidden @ turned(params[f"W{i}"]) + params[f"b{i}"]
            if i != LAYERS[-1]:
                hidden = jax.nn.relu(hidden)
        log_probs = jax.nn.log_softmax(hidden)
        data_loss = -jnp.take_along_axis(log_probs, y[:, None], axis=1).mean()
        squares = sum(jnp.sum(params[f"W{i}"] ** 2) for i in LAYERS)
        return data_loss + 0.5 * REG * squares

    def update(params, x_train, y_train, batch):
        loss, grads = jax.value_and_grad(loss_of)(
            params, x_train[batch], y_train[batch]
        )
        params = jax.tree.map(lambda p, g: p - LEARNING_RATE * g, params, grads)
        return loss, params

    # The old parameters are given away, so that the new ones may take their place.
    update = jax.jit(update, donate_argnums=0)

    def step(k):
        nonlocal params
        loss, params = update(params, x_train, y_train, batches[k])
        jax.block_until_ready(params)
        return loss

    return step, float, jax.__version__


def jax_fast_steps(indices):
    """The weights kept as (M, D): XLA's product for dW1 is then twice as fast."""
    return jax_steps(indices, transposed=True)


# Timing -----------------------------------------------------------------------------

ENGINES = {
    "numpy": numpy_steps,
    "numpy-fast": numpy_fast_steps,
    "torch": torch_steps,
    "torch-fast": torch_fast_steps,
    "jax": jax_steps,
    "jax-fast": jax_fast_steps,
}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in ENGINES:
        sys.exit(f"usage: step.py {{{','.join(ENGINES)}}}; run.py talks to it")
    batches = np.array(json.loads(input()), dtype=np.int64)
    step, value, version = ENGINES[sys.argv[1]](batches)
    print(json.dumps(version), flush=True)

    k = 0
    for line in sys.stdin:
        losses, seconds = [], []
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(int(line)):
            start = time.perf_counter()
            loss = step(k)
            seconds.append(time.perf_counter() - start)
            losses.append(value(loss))
            k += 1
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        turn = {"losses": losses, "seconds": seconds, "cpu_per_wall": cpu / wall}
        print(json.dumps(turn), flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Times an epoch of chapter 15's default network in this crate and in PyTorch.

    python3 benches/peers/epoch.py [--threads T] [--rounds N] [--python PATH]

The network is 3072-256-128-10 with batch normalization, dropout (keep 0.9) and Adam, in
batches of 100 images that are kept as bytes; an epoch is 490 steps. PyTorch takes part as
people write it, and in the fastest form that we found. All take turns; README.md beside
this file says what is fair.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

STEPS, BATCH, CLASSES = 490, 100, 10
IMAGES, SIZES, RATE = 4000, (3072, 256, 128, 10), 1e-3
WARMUP, FIRST, TIMED = 30, 2, 20
NAMES = {
    "ours": "fully-connected",
    "torch": "PyTorch, as people write it",
    "torch-fast": "PyTorch, the fastest form",
}


# PyTorch's side -----------------------------------------------------------------------


def worker(engine, threads, keep):
    import numpy as np
    import torch
    from step import hashes, uniform
    from torch import nn

    torch.set_num_threads(threads)
    bytes_ = uniform(0, 128.0, (IMAGES, SIZES[0]))
    pixels = torch.from_numpy((bytes_ + np.float32(128)).astype(np.uint8))
    labels = torch.from_numpy(pixels.numpy()[:, :CLASSES].argmax(axis=1))
    mean = torch.from_numpy(pixels.numpy().astype(np.float64).mean(axis=0)).float()

    class Linear(nn.Linear):
        """Weights are kept as (M, D); the numbers are ours."""

        def __init__(self, i, d, m):
            super().__init__(d, m)
            scale = np.sqrt(np.float32(6) / np.float32(d))
            with torch.no_grad():
                self.weight.copy_(torch.from_numpy(uniform(2 + i, scale, (d, m))).T)
                self.bias.zero_()

    fast = engine == "torch-fast"
    layers = []
    for i, (d, m) in enumerate(zip(SIZES, SIZES[1:])):
        layers.append(Linear(i, d, m))
        if i < 2:
            layers += [nn.BatchNorm1d(m), nn.ReLU(inplace=fast)]
            layers += [nn.Dropout(1 - keep)] if keep < 1 else []
    net = nn.Sequential(*layers)
    if fast:
        optimizer = torch.optim.Adam(net.parameters(), lr=RATE, fused=True)
    else:
        optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
    cross_entropy = nn.CrossEntropyLoss()
    # The fastest form has the whole set as floats, at four times the memory.
    floats = pixels.float() - mean if fast else None

    def step(k):
        rows = torch.arange(k * BATCH, (k + 1) * BATCH) * 1663 % IMAGES
        if fast:
            x = floats.index_select(0, rows)
        else:
            x = pixels[rows].float() - mean
        optimizer.zero_grad()
        loss = cross_entropy(net(x), labels[rows])
        loss.backward()
        optimizer.step()
        return loss

    print(json.dumps(torch.__version__), flush=True)
    k = 0
    for line in sys.stdin:
        losses, seconds = [], []
        for _ in range(int(line)):
            start = time.perf_counter()
            loss = step(k)
            seconds.append(time.perf_counter() - start)
            losses.append(loss.item())
            k += 1
        print(json.dumps({"losses": losses, "seconds": seconds}), flush=True)


# The comparison -----------------------------------------------------------------------


def start(ours, python, threads, keep):
    """Starts the three; returns them and PyTorch's version."""
    from run import Worker

    env = {
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "MATMUL_NUM_THREADS": str(threads),
    }
    workers = {"ours": Worker([ours, str(keep)], env)}
    version = None
    for engine in list(NAMES)[1:]:
        command = [python, __file__, "--worker", engine]
        command += ["--threads", str(threads), "--keep", str(keep)]
        workers[engine] = Worker(command, env)
        version = workers[engine].hear()
    return workers, version


def check(ours, python, threads):
    """Stops unless all compute the same losses where no dropout makes them differ."""
    workers, _ = start(ours, python, threads, 1)
    losses = {engine: w.take(WARMUP)["losses"] for engine, w in workers.items()}
    for w in workers.values():
        w.end()
    for engine, theirs in losses.items():
        for k, (loss, our_loss) in enumerate(zip(theirs, losses["ours"])):
            if not abs(loss - our_loss) <= 1e-2 * abs(our_loss):
                sys.exit(
                    f"{engine} computes something else: its loss at step {k} is "
                    f"{loss}, ours is {our_loss}"
                )
    return {engine: theirs[-1] for engine, theirs in losses.items()}


def build():
    """Builds `epoch.rs` and returns the path of the program."""
    from run import ROOT

    command = ["cargo", "bench", "--bench", "peers-epoch", "--no-run"]
    command += ["--message-format", "json-render-diagnostics"]
    built = subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    for message in map(json.loads, built.stdout.splitlines()):
        if message.get("executable") and message["target"]["name"] == "peers-epoch":
            return message["executable"]
    sys.exit("cargo built no program named `peers-epoch`")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--python", help="an interpreter that has the libraries")
    parser.add_argument("--worker", choices=list(NAMES)[1:], help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=float, default=0.9, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return worker(options.worker, options.threads, options.keep)
    if not 1 <= options.threads <= os.cpu_count():
        parser.error(
            f"--threads must be from 1 to {os.cpu_count()}; it is {options.threads}"
        )
    if options.rounds < 1:
        parser.error(f"--rounds must be at least 1; it is {options.rounds}")

    from run import install_peers, machine, pin

    ours = build()
    python = options.python or install_peers()
    if options.threads == 1:
        pin(None)
    last = check(ours, python, options.threads)
    workers, version = start(ours, python, options.threads, options.keep)
    for w in workers.values():
        w.take(WARMUP)
    seconds = {engine: [] for engine in workers}
    order = list(workers)
    for _ in range(options.rounds):
        order = order[1:] + order[:1]
        for engine in order:
            turn = workers[engine].take(FIRST + TIMED)
            seconds[engine].append(statistics.median(turn["seconds"][FIRST:]))
    for w in workers.values():
        w.end()

    print("| | an epoch of 490 steps | middle half | ours ÷ theirs |")
    print("|---|---|---|---|")
    for engine, turns in seconds.items():
        low, median, high = (STEPS * q for q in statistics.quantiles(turns, n=4))
        # Pairwise: turn by turn, so that a slow moment of the machine hits both.
        ratios = [a / b for a, b in zip(seconds["ours"], turns)]
        ratio = "" if engine == "ours" else f"{statistics.median(ratios):.2f}"
        row = f"{median:.2f} s | {low:.2f}–{high:.2f} s | {ratio}"
        print(f"| {NAMES[engine]} | {row} |")
    print()
    print(f"- {machine()}, {options.threads} thread(s), PyTorch {version}")
    print(f"- {options.rounds} turns of {TIMED} steps each, all taking turns")
    text = ", ".join(f"{loss:.4f}" for loss in last.values())
    print(f"- without dropout, losses at step {WARMUP}, in the table's order: {text}")


if __name__ == "__main__":
    main()

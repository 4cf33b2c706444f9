#!/usr/bin/env python3
"""Times the same training step in this crate, NumPy, PyTorch and JAX, one thread each.

    python3 benches/peers/run.py [--rounds N] [--cpu K] [--python PATH]

It builds our side, makes a virtual environment in target/peers with the pinned
libraries, starts all of them, lets them take turns, and prints a Markdown table.
`--python` takes an interpreter that has the libraries already. README.md beside this
file says what is compared and how.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# Steps whose losses are compared, and after which every library is warm.
WARMUP = 50
# A turn starts with steps that do not count: the others have used the caches meanwhile.
FIRST, TIMED = 2, 10

# For NumPy: glibc's malloc keeps the megabyte-sized arrays that a step frees, instead of
# returning them to the system and fetching them anew at the next step. Left alone it does
# so or not depending on what was freed before, and that luck is worth 1.5 ms. The others
# were no faster with it.
MALLOC = {
    "MALLOC_MMAP_THRESHOLD_": str(2**25),
    "MALLOC_TRIM_THRESHOLD_": str(2**30),
}

NAMES = {
    "ours": "fully-connected",
    "numpy": "NumPy, as in the notebook",
    "numpy-fast": "NumPy, without the first `dx`",
    "torch": "PyTorch, eager",
    "torch-fast": "PyTorch, weight decay and fused SGD",
    "jax": "JAX, jit",
    "jax-fast": "JAX, weights kept as (M, D)",
}


class Worker:
    """A process that takes steps when told to."""

    def __init__(self, command, env=None):
        self.command = command
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | (env or {}),
        )

    def tell(self, message):
        try:
            self.process.stdin.write(f"{json.dumps(message)}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.stop()

    def hear(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else self.stop()

    def stop(self):
        """Stops everything, because this worker has ended before its time."""
        status = self.process.wait()
        sys.exit(f"{' '.join(map(str, self.command))} ended with status {status}")

    def take(self, steps):
        self.tell(steps)
        return self.hear()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def build_ours():
    """Builds `step.rs` and returns the path of the program."""
    build = subprocess.run(
        ["cargo", "bench", "--bench", "peers", "--no-run"]
        + ["--message-format", "json-render-diagnostics"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    for message in map(json.loads, build.stdout.splitlines()):
        if message.get("executable") and message["target"]["name"] == "peers":
            return message["executable"]
    sys.exit("cargo built no program named `peers`")


def install_peers():
    """Makes the virtual environment and returns its interpreter."""
    home = ROOT / "target" / "peers"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--requirement", HERE / "requirements.txt"],
        check=True,
    )
    return python


def pin(cpu):
    """Keeps this process and all it starts on one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        if cpu is not None:
            sys.exit("--cpu: this system cannot keep a process on one core")
        return "not pinned to a core"
    allowed = os.sched_getaffinity(0)
    if cpu is None:
        cpu = max(allowed)
    if cpu not in allowed:
        sys.exit(f"--cpu must be one of {sorted(allowed)}; it is {cpu}")
    os.sched_setaffinity(0, {cpu})
    return "all on one core"


def start(ours, python, steps):
    """Starts every worker; returns them and what versions they are."""
    workers = {"ours": Worker([ours, str(steps)], {"MATMUL_NUM_THREADS": "1"})}
    batches = workers["ours"].hear()
    versions = {"ours": output(["rustc", "--version"])}
    for engine in list(NAMES)[1:]:
        env = MALLOC if engine.startswith("numpy") else None
        workers[engine] = Worker([python, HERE / "step.py", engine], env)
        workers[engine].tell(batches)
    for engine in list(NAMES)[1:]:
        versions[engine] = workers[engine].hear()
    return workers, versions


def check_losses(losses):
    """Stops unless all losses agree with ours to 1e-4 of it, step by step."""
    for engine, theirs in losses.items():
        for step, (loss, our_loss) in enumerate(zip(theirs, losses["ours"])):
            # Written so that a NaN is refused too.
            if not abs(loss - our_loss) <= 1e-4 * abs(our_loss):
                sys.exit(
                    f"{engine} computes something else: its loss at step {step} is "
                    f"{loss}, ours is {our_loss}"
                )


def check_one_thread(engine, turn):
    """Stops if a turn used more processor time than one thread can."""
    if turn.get("cpu_per_wall", 1) > 1.1:
        sys.exit(
            f"{engine} must run on one thread; it used {turn['cpu_per_wall']:.2f} s of "
            "processor time a second"
        )


def compare(workers, rounds):
    """The seconds of each timed step of each worker."""
    losses = {engine: w.take(WARMUP)["losses"] for engine, w in workers.items()}
    check_losses(losses)
    seconds = {engine: [] for engine in workers}
    order = list(workers)
    for round in range(rounds):
        if sys.stderr.isatty():
            print(f"\rround {round + 1} of {rounds}", end="", file=sys.stderr)
        order = order[1:] + order[:1]
        for engine in order:
            turn = workers[engine].take(FIRST + TIMED)
            check_one_thread(engine, turn)
            seconds[engine].append(turn["seconds"][FIRST:])
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return losses, seconds


def table(seconds):
    """Medians, quartiles and ratios as Markdown."""
    ours = statistics.median(sum(seconds["ours"], []))
    lines = [
        "| | median of a step | middle half | ours ÷ theirs |",
        "|---|---|---|---|",
    ]
    for engine, turns in seconds.items():
        low, median, high = (1e3 * q for q in statistics.quantiles(sum(turns, []), n=4))
        ratio = "" if engine == "ours" else f"{1e3 * ours / median:.2f}"
        lines.append(
            f"| {NAMES[engine]} | {median:.2f} ms | {low:.2f}–{high:.2f} ms | {ratio} |"
        )
    return "\n".join(lines)


def output(command):
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def machine():
    """The processor, as the system names it."""
    if sys.platform == "darwin":
        return output(["sysctl", "-n", "machdep.cpu.brand_string"])
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rounds",
        type=int,
        default=60,
        help=f"how many turns of {TIMED} timed steps each gets (default: 60)",
    )
    parser.add_argument("--cpu", type=int, help="the core to run on (default: the last)")
    parser.add_argument("--python", help="an interpreter that has the libraries")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds must be at least 1; it is {options.rounds}")
    if options.python and not shutil.which(options.python):
        parser.error(f"--python must be a program that runs; it is {options.python}")

    ours = build_ours()
    python = options.python or install_peers()
    cores = os.cpu_count()
    pinned = pin(options.cpu)
    steps = WARMUP + options.rounds * (FIRST + TIMED)
    workers, versions = start(ours, python, steps)
    losses, seconds = compare(workers, options.rounds)
    for worker in workers.values():
        worker.end()

    print(table(seconds))
    print()
    print(f"- machine: {machine()}, {cores} cores, {platform.system()}; {pinned}")
    print(
        f"- versions: {versions['ours']}, Python "
        f"{output([python, '-c', 'import platform; print(platform.python_version())'])}, "
        f"NumPy {versions['numpy']}, PyTorch {versions['torch']}, JAX {versions['jax']}"
    )
    print(f"- {options.rounds * TIMED} steps each, {options.rounds} turns of {TIMED}")
    last = ", ".join(f"{theirs[-1]:.5f}" for theirs in losses.values())
    print(f"- losses at step {WARMUP}, in the table's order: {last}")


if __name__ == "__main__":
    main()

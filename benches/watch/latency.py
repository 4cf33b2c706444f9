"""How long a student waits: from writing a file to the line on the screen.

    cargo build --release && python3 benches/watch/latency.py [ROUNDS [RUNNER]]

Makes a workbook in a temporary folder, starts the watcher on a terminal of 80 by 24 of its
own, writes wrong and right code into a region by turns, and reads what the watcher draws.
Prints the median and the middle half for each of

    sign      "was saved"
    verdict   "not right yet" (wrong code), "tests pass" (right code)
    examples  "is right", counted from the verdict
"""

import fcntl
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RUNNER = ROOT / "target" / "release" / "fully-connected"
if len(sys.argv) > 2:
    RUNNER = Path(sys.argv[2]).resolve()

# An exercise, a line of its solution, and the line made wrong.
CASES = [
    ("affine::forward", "x.dot(w) + b;", "x.dot(w) - b;"),
    ("softmax::loss", "let sum = row.sum();", "let sum = row.sum() + row.sum();"),
    ("overfit::train", "after_epoch(&history);", ""),
]


def clean(text):
    return re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", text)


class Watcher:
    def __init__(self, folder):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execv(RUNNER, [str(RUNNER), "watch"])
        size = struct.pack("HHHH", 24, 80, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)

    def wait(self, *words, patience=90):
        """Reads until one of the words is drawn; returns when that was, and the word."""
        seen = b""
        end = time.perf_counter() + patience
        while time.perf_counter() < end:
            if select.select([self.terminal], [], [], 0.01)[0]:
                seen += os.read(self.terminal, 1 << 16)
                now = time.perf_counter()
                for word in words:
                    if word.encode() in clean(seen):
                        return now, word
        raise SystemExit(f"none of {words} within {patience} s:\n{clean(seen).decode()}")

    def quiet(self):
        """Reads away what is still to come."""
        while select.select([self.terminal], [], [], 0.5)[0]:
            os.read(self.terminal, 1 << 16)

    def quit(self):
        os.write(self.terminal, b"q")
        os.waitpid(self.child, 0)


def run(folder, *arguments):
    command = [RUNNER, *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def measure(book, exercise, right, wrong, rounds):
    chapter = exercise.split("::")[0]
    path = book / "src" / f"{chapter}.rs"
    run(book, "give", exercise)
    solved = path.read_text()
    if right not in solved:
        raise SystemExit(f"{right!r} is not in {path}")
    # Another text than the solution, so that it does not count as given.
    solved = solved.replace(right, f"{right} // my own", 1)
    broken = solved.replace(right, wrong, 1)
    path.write_text(broken)

    times = {"sign": [], "wrong": [], "right": [], "examples": []}
    watcher = Watcher(book)
    watcher.wait("not right yet")
    watcher.quiet()
    for turn in range(rounds):
        mark = f"// {turn}\n"
        start = time.perf_counter()
        path.write_text(broken + mark)
        sign, _ = watcher.wait("was saved")
        verdict, _ = watcher.wait("not right yet")
        times["sign"].append(sign - start)
        times["wrong"].append(verdict - start)
        watcher.quiet()

        start = time.perf_counter()
        path.write_text(solved + mark)
        sign, _ = watcher.wait("was saved")
        verdict, _ = watcher.wait("tests pass")
        done, _ = watcher.wait("is right")
        times["sign"].append(sign - start)
        times["right"].append(verdict - start)
        times["examples"].append(done - verdict)
        watcher.quiet()
    watcher.quit()
    path.write_text(solved)
    run(book, "give", exercise)

    print(exercise)
    for name, values in times.items():
        low, median, high = statistics.quantiles(values, n=4)
        print(f"  {name:9} {median:.2f} s   {low:.2f} to {high:.2f} s")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "workbook"
        run(folder, "new", str(book))
        # Given in order, and each made the student's own: the first open one is tested.
        for exercise, right, wrong in CASES:
            chapters = subprocess.run([RUNNER, "list"], cwd=book, capture_output=True, text=True)
            for line in chapters.stdout.splitlines():
                found = re.search(r"[a-z_]+::[a-z_]+", line)
                if found is None:
                    continue
                if found[0] == exercise:
                    break
                if "given" not in line:
                    run(book, "give", found[0])
            measure(book, exercise, right, wrong, rounds)


main()

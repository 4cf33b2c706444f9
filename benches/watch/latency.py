"""How long a student waits: from writing a file to the line on the screen.

    cargo build && python3 benches/watch/latency.py [ROUNDS [RUNNER [OTHER_RUNNER]]]

Makes a workbook in a temporary folder, starts the watcher on a terminal of 80 by 24 of its
own, writes wrong and right code into a region by turns, and reads what the watcher draws.
With two runners, an older program and a newer one, each has a workbook and a watcher of its
own, and they take turns at every edit; the ratios are the second's medians to the first's.
Prints the median and the middle half for each of

    sign      "was saved"
    wrong     "wrong", after wrong code
    right     "tests pass", after right code
    verdict   the two together
    examples  "is solved", counted from "tests pass"
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
RUNNER = ROOT / "target" / "debug" / "fully-connected"
PATIENCE = 300
# The words of today's program, and of one of version 0.1.0.
WRONG = ("✗ wrong", "not right yet")
SOLVED = ("is solved", "is right")

# A name, an exercise, a line of its solution, the line made wrong, and what is written where
# it is right. The last two bring an operation of ndarray's that was not used before.
CASES = [
    ("affine::forward", "x.dot(w) + b;", "x.dot(w) - b;", None),
    (
        "affine::forward, a new operation",
        "let out = x.dot(w) + b;",
        "let out = x.dot(w) - b;",
        "let mut out = x.dot(w); for mut row in out.rows_mut() { row.scaled_add(T::one(), b); }",
    ),
    ("softmax::loss", "let sum = row.sum();", "let sum = row.sum() + row.sum();", None),
    (
        "softmax::loss, a new operation",
        "let sum = row.sum();",
        "let sum = row.sum() + row.sum();",
        "let sum = row.view().insert_axis(ndarray::Axis(0)).sum_axis(ndarray::Axis(1))[0];",
    ),
    ("overfit::train", "after_epoch(&history);", "", None),
]


def clean(text):
    return re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", text)


class Watcher:
    def __init__(self, runner, folder):
        self.seen = b""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execv(runner, [str(runner), "watch"])
        size = struct.pack("HHHH", 24, 80, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)

    def wait(self, *words):
        """Reads until one of the words is drawn; returns when that was."""
        now = time.perf_counter()
        end = now + PATIENCE
        while now < end:
            drawn = clean(self.seen)
            for word in words:
                if word.encode() in drawn:
                    # What came with it may be waited for next.
                    self.seen = drawn.split(word.encode(), 1)[1]
                    return now
            if select.select([self.terminal], [], [], 0.01)[0]:
                self.seen += os.read(self.terminal, 1 << 16)
            now = time.perf_counter()
        raise SystemExit(f"none of {words} within {PATIENCE} s:\n{drawn[-2000:].decode()}")

    def quiet(self):
        """Reads away what is still to come."""
        while select.select([self.terminal], [], [], 0.5)[0]:
            os.read(self.terminal, 1 << 16)
        self.seen = b""

    def quit(self):
        os.write(self.terminal, b"q")
        os.waitpid(self.child, 0)


class Student:
    """A workbook, and the program that watches it."""

    def __init__(self, runner, book):
        self.runner, self.book = runner, book
        self.run("new", str(book), cwd=book.parent)

    def run(self, *arguments, cwd=None):
        command = [self.runner, *arguments]
        ran = subprocess.run(
            command, cwd=cwd or self.book, check=True, capture_output=True, text=True
        )
        return ran.stdout

    def give_all_before(self, exercise):
        """The first open exercise is the one that is tested."""
        for line in self.run("list").splitlines():
            found = re.search(r"[a-z_]+::[a-z_]+", line)
            if found and found[0] == exercise:
                return
            if found and "given" not in line:
                self.run("give", found[0])

    def begin(self, exercise, right, wrong, instead):
        self.path = self.book / "src" / f"{exercise.split('::')[0]}.rs"
        self.untouched = self.path.read_text()
        self.run("give", exercise)
        solved = self.path.read_text()
        if right not in solved:
            raise SystemExit(f"{right!r} is not in {self.path}")
        # Another text than the solution, so that it does not count as given.
        self.solved = solved.replace(right, f"{instead or right} // my own", 1)
        self.broken = solved.replace(right, wrong, 1)
        self.path.write_text(self.broken)
        self.times = {name: [] for name in ["sign", "wrong", "right", "verdict", "examples"]}
        self.watcher = Watcher(self.runner, self.book)
        self.watcher.wait(*WRONG)
        self.watcher.quiet()

    def save(self, text, *words):
        start = time.perf_counter()
        self.path.write_text(text)
        self.times["sign"].append(self.watcher.wait("was saved") - start)
        verdict = self.watcher.wait(*words)
        self.times["verdict"].append(verdict - start)
        return start, verdict

    def save_wrong(self, mark):
        start, verdict = self.save(self.broken + mark, *WRONG)
        self.times["wrong"].append(verdict - start)
        self.watcher.quiet()

    def save_right(self, mark):
        start, verdict = self.save(self.solved + mark, "tests pass")
        self.times["right"].append(verdict - start)
        self.times["examples"].append(self.watcher.wait(*SOLVED) - verdict)
        # The next exercise is built now; the other one's turn waits for it.
        self.watcher.wait("Write it in", "every exercise is done")
        self.watcher.quiet()

    def end(self):
        self.watcher.quit()
        self.path.write_text(self.untouched)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    runners = [Path(path).resolve() for path in sys.argv[2:4]] or [RUNNER]
    with tempfile.TemporaryDirectory() as folder:
        students = []
        for i, runner in enumerate(runners):
            (Path(folder) / f"{i}").mkdir()
            students.append(Student(runner, Path(folder) / f"{i}" / "workbook"))
        for name, right, wrong, instead in CASES:
            exercise = name.split(",")[0]
            for student in students:
                student.give_all_before(exercise)
                student.begin(exercise, right, wrong, instead)
            for turn in range(rounds):
                mark = f"// {turn}\n"
                for student in students:
                    student.save_wrong(mark)
                for student in students:
                    student.save_right(mark)
            for student in students:
                student.end()
            report(name, [student.times for student in students])


def report(name, times):
    print(name)
    for what in times[0]:
        line = f"  {what:9}"
        for own in times:
            low, median, high = statistics.quantiles(own[what], n=4)
            line += f" {median:.2f} s ({low:.2f} to {high:.2f})  "
        if len(times) == 2:
            first, second = [statistics.median(own[what]) for own in times]
            line += f" {second / first:.2f}×"
        print(line.rstrip(), flush=True)


main()

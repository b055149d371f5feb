"""``make bench``: every figure that the README claims, as ratios within one run."""

import subprocess
import sys

BENCHES = ("tests.bench.bench_classifier", "tests.bench.bench_store", "tests.bench.bench_path")


def main() -> int:
    """Run the benches one after the other, each in a process of its own; the first failure ends it."""
    for bench in BENCHES:
        print(f"\n── {bench} ──", flush=True)
        code = subprocess.run([sys.executable, "-m", bench], check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())

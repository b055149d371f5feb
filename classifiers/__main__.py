"""The model's life from the command line: ``python -m classifiers train|evaluate|export|label|card|check``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from classifiers.api import ModelError

DEFAULT_RUN = Path("build/model")
FAST_RUN = Path("build/fast")
DEFAULT_COMPANIES = Path("bot/companies.toml")
FAST_LAYERS = 3  # of six: four times as fast, and F1 within a point


def main(argv: Sequence[str] | None = None) -> int:
    """Parse, call one function, print; 1 after an error, 2 for wrong usage."""
    args = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int | None] = args.command
    try:
        code = command(args)
        sys.stdout.flush()  # here, where a failure has an answer
    except ModelError as e:
        print(e, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output has left, which is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is tried again at the end
        return 0
    return code or 0


def _train(args: argparse.Namespace) -> None:
    from classifiers.train import TrainConfig, train  # noqa: PLC0415 - torch, which only this command needs

    given = {
        f.name: getattr(args, f.name)
        for f in dataclasses.fields(TrainConfig)
        if getattr(args, f.name, None) is not None
    }
    folder = args.run or (FAST_RUN if args.fast else DEFAULT_RUN)
    if args.fast:
        given.setdefault("layers", FAST_LAYERS)
    teachers = args.teacher or ([DEFAULT_RUN] if args.fast else [])
    run = train(
        folder, config=TrainConfig(**given), data=args.data, stories=args.stories, base=args.base, teachers=teachers,
        device=args.device, resume=args.resume, quiet=args.quiet,
    )  # fmt: skip
    print(f"{folder}: best dev score {run['best']:.4f} after {len(run['epochs'])} epochs")


def _evaluate(args: argparse.Namespace) -> None:
    from classifiers.evaluate import evaluate, show  # noqa: PLC0415
    from classifiers.report import write_report  # noqa: PLC0415
    from classifiers.serve import FAST_DIR, load, load_checkpoint  # noqa: PLC0415

    if args.html and not args.html.parent.is_dir():  # said before the minutes that measuring takes
        raise ModelError(f"{args.html}: cannot be written: there is no folder {args.html.parent}")
    weights = FAST_DIR if args.fast else args.weights
    classifier = load_checkpoint(args.checkpoint) if args.checkpoint else load(weights)
    result = evaluate(classifier, labelled=args.files, plain=args.plain, baselines=args.baselines, data=args.data)
    if args.html:
        write_report(result, args.html, made=datetime.now(UTC).date())
        print(f"{args.html}: written", file=sys.stderr)
    if args.json:
        print(json.dumps(result.as_dict(), ensure_ascii=False))
    else:
        show(result, Console(width=None if sys.stdout.isatty() else 160))


def _export(args: argparse.Namespace) -> None:
    from classifiers.export import NAME, export  # noqa: PLC0415
    from classifiers.serve import FAST_DIR, WEIGHTS_DIR  # noqa: PLC0415

    run = args.run or (FAST_RUN if args.fast else DEFAULT_RUN)
    out = args.out or (FAST_DIR if args.fast else WEIGHTS_DIR)
    name = args.name or (f"{NAME}-fast" if args.fast else NAME)
    manifest = export(run, out, data=args.data, name=name)
    print(
        json.dumps(
            {k: manifest[k] for k in ("name", "thresholds", "temperatures", "shifts", "metrics", "parity")}, indent=2
        )
    )


def _label(args: argparse.Namespace) -> None:
    from classifiers.label_screen import label_file  # noqa: PLC0415
    from classifiers.serve import load  # noqa: PLC0415

    print(label_file(args.file, lambda: load(args.weights)))


def _card(args: argparse.Namespace) -> None:
    from classifiers.card import write_card  # noqa: PLC0415

    print(write_card(args.out, weights=args.weights, data=args.data))


def _check(args: argparse.Namespace) -> int:
    from classifiers.check import check, show  # noqa: PLC0415

    # The list of companies is the bot's; outside a checkout there may be none.
    companies = args.companies or (DEFAULT_COMPANIES if DEFAULT_COMPANIES.is_file() else None)
    result = check(args.data, companies=companies)
    if args.json:
        print(json.dumps(result.as_dict(), ensure_ascii=False))
    else:
        show(result, Console(width=None if sys.stdout.isatty() else 160))
    return 1 if result.wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m classifiers",
        description="Train, measure and export the headline model, and label headlines for it.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""examples:
  python -m classifiers train                          train on the project's data into build/model
  python -m classifiers train --resume                 go on after an interruption
  python -m classifiers export                         build/model to classifiers/weights/full
  python -m classifiers train --fast                   half the layers, taught by build/model, into build/fast
  python -m classifiers export --fast                  build/fast to classifiers/weights/fast
  python -m classifiers evaluate                       the shipped weights on the test side of the data
  python -m classifiers evaluate mine.jsonl --plain general.txt --html report.html
  python -m classifiers label headlines.txt            one key a label; go on whenever you like
  python -m classifiers check                          what is wrong with the data, and what it lacks""",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = _command(
        commands,
        "train",
        _train,
        "train on labelled headlines (needs torch)",
        "train --run build/try --epochs 2 --seed 3",
    )
    train.add_argument("--run", type=Path, help=f"run folder (default: {DEFAULT_RUN}; with --fast {FAST_RUN})")
    train.add_argument("--fast", action="store_true", help=f"{FAST_LAYERS} layers, taught by {DEFAULT_RUN}")
    train.add_argument(
        "--teacher",
        action="append",
        type=Path,
        metavar="FOLDER",
        help="learn from this finished run too, and begin as the first; or from weights as they ship",
    )
    train.add_argument("--base", type=Path, help="folder with a BERT-like encoder instead of all-MiniLM-L6-v2")
    train.add_argument("--device", help="where to compute, as torch names it (default: a GPU where there is one)")
    train.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    train.add_argument("--quiet", action="store_true", help="no progress bar")
    for name, kind, what in (
        ("epochs", _count, "at most so many; stops early by itself"),
        ("learning_rate", float, "of the encoder"),
        ("batch_size", _count, "headlines a step"),
        ("layers", _count, "of the encoder; fewer than six need a teacher"),
        ("seed", int, "another seed, another model"),
        ("threads", _count, "of the processor"),
    ):
        train.add_argument(f"--{name.replace('_', '-')}", type=kind, dest=name, help=what)
    train.add_argument(
        "--teach-only", action="store_false", dest="rounded", default=None,
        help="a teacher, never to be exported: no epoch in the eight bits of the shipped form",
    )  # fmt: skip

    evaluate = _command(
        commands, "evaluate", _evaluate, "measure a model, beside keywords and logistic regressions",
        "evaluate headlines.jsonl --plain general.txt",
    )  # fmt: skip
    evaluate.add_argument("files", nargs="*", type=Path, help="labelled JSON Lines; the data's test side if left out")
    evaluate.add_argument(
        "--plain",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="headlines not about chips, one a line: counts false alarms",
    )
    which = evaluate.add_mutually_exclusive_group()
    which.add_argument("--weights", type=Path, help="weights folder (default: the shipped one)")
    which.add_argument("--fast", action="store_true", help="the shipped weights of half the layers")
    which.add_argument(
        "--checkpoint", metavar="NAME", help="a transformers checkpoint instead: folder or Hub name (needs torch)"
    )
    evaluate.add_argument(
        "--no-baselines",
        dest="baselines",
        action="store_false",
        help="without the comparison (needs no torch, no scikit-learn)",
    )
    evaluate.add_argument("--json", action="store_true", help="one JSON object on stdout")
    evaluate.add_argument(
        "--html", type=Path, metavar="FILE", help="also write a report with plots: one page that needs nothing else"
    )

    export = _command(
        commands,
        "export",
        _export,
        "turn a training run into weights to ship (needs torch)",
        "export --run build/try --out build/weights",
    )
    export.add_argument("--run", type=Path, help=f"run folder (default: {DEFAULT_RUN}; with --fast {FAST_RUN})")
    export.add_argument("--fast", action="store_true", help="the weights of half the layers")
    export.add_argument("--out", type=Path, help="weights folder, replaced as a whole (default: the shipped one)")
    export.add_argument("--name", help="model name and version for the manifest")

    label = _command(
        commands,
        "label",
        _label,
        "label headlines by hand in this terminal, the least certain first",
        "label headlines.txt",
    )
    label.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="one headline a line, or JSON Lines; decisions go to FILE.labelled.jsonl, where the next sitting goes on",
    )
    label.add_argument("--weights", type=Path, help="weights folder whose guesses are shown (default: the shipped one)")

    card = _command(
        commands, "card", _card, "write the model card from the weights and the data", "card --out MODEL_CARD.md"
    )
    card.add_argument("--out", type=Path, help="file to write (default: classifiers/MODEL_CARD.md)")
    card.add_argument("--weights", type=Path, help="weights folder (default: the shipped one)")

    check = _command(
        commands,
        "check",
        _check,
        "look for conflicts, leaks and gaps in the data; exit code 1 where something is wrong",
        "check --json",
    )
    check.add_argument(
        "--companies", type=Path, metavar="FILE", help=f"TOML with a [[company]] each (default: {DEFAULT_COMPANIES})"
    )
    check.add_argument("--json", action="store_true", help="one JSON object on stdout")

    train.add_argument(
        "--stories", action="append", type=Path, metavar="FILE", help="stories instead of the project's own"
    )
    for sub in (train, evaluate, export, card, check):
        sub.add_argument(
            "--data",
            action="append",
            type=Path,
            metavar="PATH",
            help="data file or folder instead of the project's own; may be repeated",
        )
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no count: 1 or more")
    return number


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    function: Callable[[argparse.Namespace], int | None],
    what: str,
    example: str,
) -> argparse.ArgumentParser:
    sub = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=f"example: python -m classifiers {example}",
    )
    sub.set_defaults(command=function)
    return sub


if __name__ == "__main__":
    sys.exit(main())

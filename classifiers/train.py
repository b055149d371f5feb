"""Train the headline model: from the data files to a run folder, resumable, the same for the same seed.

A run folder holds ``config.json``, ``model.safetensors``, ``tokenizer.json`` (the best epoch),
``run.json`` (settings, data hash, figures of every epoch) and, until it is finished, ``resume.pt``.
"""

from __future__ import annotations

import json
import math
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - the name that every reader of PyTorch knows

from classifiers.api import ModelError
from classifiers.batch import pad
from classifiers.dataset import Record, data_hash, load, split
from classifiers.distil import open_teachers, shallow, soft_loss
from classifiers.gate import default_gate
from classifiers.heads import COLUMNS, HEADS, OTHER, PAIR, probabilities
from classifiers.labels import EVENTS, STATUSES
from classifiers.metrics import Gold, answers, f1, quality
from classifiers.model import HeadlineModel, base_folder, from_base
from classifiers.rounding import round_products
from classifiers.stories import Pair, load_stories, make_pairs
from classifiers.text import normalise

__all__ = ["TrainConfig", "logits_of", "pair_logits", "train"]

CHIP, MOVING, EVENT, STATUS = (head.columns for head in HEADS)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything that decides a run's result."""

    vocabulary: int = 8_000  # pieces kept of 30,522; 99 % of decisions unchanged, 35 MB saved
    max_tokens: int = 64  # the longest headline of the data has 52
    epochs: int = 4  # a fifth moved no head by more than its noise
    patience: int = 2  # epochs without a better dev score before it stops
    batch_size: int = 32  # half the time of 16 in bfloat16, as good
    learning_rate: float = 1.5e-4  # the encoder has 14 M parameters: the 2e-5 of larger models is too slow
    head_learning_rate: float = 1e-3  # the heads start from noise
    warmup: float = 0.1  # share of all steps
    weight_decay: float = 0.01  # AdamW's usual, not on biases and norms
    dropout: float = 0.1  # the base's own
    smoothing: float = 0.05  # labels of 0.025 and 0.975: hard cases of the guide are not certain
    average: float = 0.995  # moving average of the weights; the averaged model is what is kept
    event_weight: float = 1.0  # against 1 for chip_export
    status_weight: float = 1.0
    moving_weight: float = 0.7
    layers: int = 6  # of the encoder; fewer only for a student of teachers
    teaching: float = 0.5  # weight of the teachers' word against the labels', where there are teachers
    pairs: int = 12_000  # of headlines in an epoch that learns "the same event?"; a third are the same
    pair_weight: float = 1.0
    rounded: bool = True  # the later half of the epochs with products in int8, as they will be served
    gated_weight: float = 0.2  # event loss of headlines that the gate would drop: `other` would swamp the head
    dev: float = 0.1  # share of stories
    test: float = 0.1
    seed: int = 7
    threads: int = 2
    bfloat16: bool | None = None  # arithmetic of the forward pass; None: where the CPU has it (twice as fast)


def train(
    out: Path,
    *,
    config: TrainConfig = TrainConfig(),
    data: Sequence[Path] | None = None,
    stories: Sequence[Path] | None = None,
    base: Path | None = None,
    teachers: Sequence[Path] = (),
    resume: bool = False,
    stop_after: int | None = None,
    quiet: bool = False,
) -> dict[str, Any]:
    """Train and leave a run folder behind.

    Args:
        out: the run folder; made if missing.
        config: the run's settings.
        data: data files or folders instead of the project's own.
        stories: files of stories instead of the project's own.
        base: a folder with a BERT-like encoder instead of all-MiniLM-L6-v2.
        teachers: finished runs to learn from beside the labels; the model begins as the first of them, or as a
            part of it where it has fewer ``layers``.
        resume: go on where an interrupted run in ``out`` stopped; its settings must be the same.
        stop_after: interrupt after this epoch, as a power cut would.
        quiet: no progress bar.

    Returns:
        The content of ``run.json``.

    Raises:
        DatasetError: the data is at fault.
        ModelError: nothing to resume, or it belongs to other data or settings.
    """
    console = Console(stderr=True, quiet=quiet)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads collapse on a shared machine
    torch.set_num_threads(config.threads)
    bfloat16 = _has_bfloat16() if config.bfloat16 is None else config.bfloat16
    _seed(config.seed)

    # Data: three sides with no story in common.
    records = load(data)
    sides = split(records, dev=config.dev, test=config.test)
    if not sides.train or not sides.dev:
        raise ModelError("too few stories to train on: neither side of the split may be empty")
    console.print(f"{len(sides.train):,} headlines to train on, {len(sides.dev):,} dev, {len(sides.test):,} test")

    # Model: the base encoder with the pieces of the training side, or what the first teacher is.
    texts = [normalise(r.headline) for r in sides.train]
    schools = open_teachers(teachers)
    if schools:
        model, tokenizer = shallow(schools[0][0], config.layers, dropout=config.dropout), schools[0][1]
    else:
        model, tokenizer = from_base(base or base_folder(), texts, vocabulary=config.vocabulary, dropout=config.dropout)
    tokenizer.enable_truncation(config.max_tokens)
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    taught = [torch.from_numpy(logits_of(*school, texts)) for school in schools]  # (n, WIDTH) each
    wisdom = torch.stack(taught).mean(0) if taught else None
    gold = _targets(sides.train)
    gate = default_gate()
    weight = torch.tensor([1.0 if gate.passes(normalise(r.headline)) else config.gated_weight for r in sides.train])
    dev_gold = Gold.of(sides.dev)
    members = load_stories(stories)
    pairs = make_pairs(members, "train", seed=config.seed)
    pair_rows = [encoding.ids for encoding in tokenizer.encode_batch([(p.first, p.second) for p in pairs])]
    pair_gold = torch.tensor([float(p.same) for p in pairs])
    told = make_pairs(members, "dev", seed=config.seed)

    # Optimiser: weight decay where it belongs, a faster rate for the heads, linear up and down.
    optimizer = torch.optim.AdamW(_groups(model, config), fused=True)
    steps_per_epoch = math.ceil(len(rows) / config.batch_size) + math.ceil(
        min(config.pairs, len(pair_rows)) / config.batch_size
    )
    total = steps_per_epoch * config.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / max(1, config.warmup * total), max(0.0, (total - step) / total))
    )
    averaged = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(config.average)
    )

    # State: what a resumed run continues.
    run: dict[str, Any] = {
        "config": asdict(config),
        "data_hash": data_hash(records),
        "headlines": {"train": len(sides.train), "dev": len(sides.dev), "test": len(sides.test)},
        "epochs": [],
        "best": -1.0,
        "finished": False,
    }
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "resume.pt"
    parts = {"model": model, "optimizer": optimizer, "schedule": schedule, "averaged": averaged}
    if resume:
        run = _resume(checkpoint, parts, run)
        console.print(f"resumed after epoch {len(run['epochs'])}")

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=console, disable=quiet,
    ) as progress:  # fmt: skip
        for epoch in range(len(run["epochs"]), config.epochs):
            task = progress.add_task(f"epoch {epoch + 1}/{config.epochs}", total=steps_per_epoch)
            if config.rounded and epoch >= config.epochs // 2:
                round_products(model.encoder)
            model.train()
            losses: list[float] = []
            for of_pairs, batch in _mixed(rows, pair_rows, config, seed=config.seed * 1_000 + epoch):
                ids, mask = _pad([(pair_rows if of_pairs else rows)[i] for i in batch])
                with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                    logits = model(ids, mask)
                if of_pairs:
                    loss = config.pair_weight * _pair_loss(logits[:, PAIR], pair_gold[batch], config)
                else:
                    loss = _loss(logits, gold[batch], weight[batch], config)
                    if wisdom is not None:
                        loss = (1 - config.teaching) * loss + config.teaching * soft_loss(logits, wisdom[batch])
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                averaged.update_parameters(model)
                losses.append(loss.item())
                progress.update(
                    task, advance=1, description=f"epoch {epoch + 1}/{config.epochs} loss {np.mean(losses[-50:]):.3f}"
                )

            # Early stopping: the averaged weights on the dev side.
            p = probabilities(logits_of(averaged.module, tokenizer, [r.headline for r in sides.dev]))
            figures = quality(dev_gold, answers(p))
            score = float(np.mean([figures["chip_export"], *figures.values()]))  # chip_export counts twice
            if told:
                said = pair_logits(averaged.module, tokenizer, told) > 0
                figures["pair"] = f1(np.array([p.same for p in told], dtype=np.int64), said.astype(np.int64))
            run["epochs"].append({"loss": float(np.mean(losses)), "score": score, **figures})
            console.print(
                f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, dev "
                + ", ".join(f"{k} {v:.3f}" for k, v in figures.items())
            )
            if score > run["best"]:
                run["best"] = score
                _keep(out, averaged.module, tokenizer)
            scores = [e["score"] for e in run["epochs"]]
            last = epoch + 1 == config.epochs or len(scores) - 1 - int(np.argmax(scores)) >= config.patience
            run["finished"] = last
            _save_state(checkpoint, parts, run)
            if last or stop_after == epoch + 1:
                break
    if run["finished"]:
        _write(out / "run.json", json.dumps(run, indent=2) + "\n")
        checkpoint.unlink()
    return run


def logits_of(
    model: HeadlineModel, tokenizer: Tokenizer, headlines: Sequence[str], *, batch_size: int = 32
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Logits of raw headlines with the full-precision model, float32, shape (n, COLUMNS)."""
    rows = [e.ids for e in tokenizer.encode_batch([normalise(h) for h in headlines])]
    return _logits(model, rows, batch_size=batch_size)


def pair_logits(
    model: HeadlineModel, tokenizer: Tokenizer, pairs: Sequence[Pair]
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Logits of "the same event?", float32, shape (n,)."""
    rows = [e.ids for e in tokenizer.encode_batch([(p.first, p.second) for p in pairs])]
    return _logits(model, rows)[:, PAIR]


def _logits(
    model: HeadlineModel, rows: Sequence[Sequence[int]], *, batch_size: int = 32
) -> np.ndarray[Any, np.dtype[np.float32]]:
    model.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    out = np.zeros((len(rows), COLUMNS), dtype=np.float32)
    with torch.inference_mode():
        for at in range(0, len(order), batch_size):
            batch = order[at : at + batch_size]
            out[batch] = model(*_pad([rows[i] for i in batch])).numpy()
    return out


# ── pieces of the loop ───────────────────────────────────────────────────────────────────────────


def _targets(records: Sequence[Record]) -> Tensor:
    """Labels as indices, int64, shape (n, 4): chip_export, market_moving, event, status."""
    rows = [(r.chip_export, r.market_moving, EVENTS.index(r.event), STATUSES.index(r.status)) for r in records]
    return torch.tensor(rows, dtype=torch.int64)


def _loss(logits: Tensor, gold: Tensor, weight: Tensor, config: TrainConfig) -> Tensor:
    """Weighted sum of the heads' losses, a scalar.

    Args:
        logits: float32, shape (n, WIDTH).
        gold: int64, shape (n, 4).
        weight: of each headline in the event loss, float32, shape (n,).
        config: the heads' weights.
    """
    soft = gold[:, :2] * (1 - config.smoothing) + 0.5 * config.smoothing  # (n, 2)
    chip = F.binary_cross_entropy_with_logits(logits[:, CHIP.start], soft[:, 0])
    moving = F.binary_cross_entropy_with_logits(logits[:, MOVING.start], soft[:, 1])
    event = F.cross_entropy(logits[:, EVENT], gold[:, 2], reduction="none", label_smoothing=config.smoothing)
    event = (event * weight).mean()
    # `other` has the status `commentary` by rule, which says nothing about the words
    status = F.cross_entropy(logits[:, STATUS], gold[:, 3], reduction="none", label_smoothing=config.smoothing)
    status = (status * (gold[:, 2] != OTHER)).mean()
    return chip + config.moving_weight * moving + config.event_weight * event + config.status_weight * status


def _pair_loss(logits: Tensor, same: Tensor, config: TrainConfig) -> Tensor:
    """Of n pairs, a scalar; ``logits`` and ``same`` have shape (n,)."""
    soft = same * (1 - config.smoothing) + 0.5 * config.smoothing
    return F.binary_cross_entropy_with_logits(logits, soft)


def _groups(model: HeadlineModel, config: TrainConfig) -> list[dict[str, Any]]:
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in model.named_parameters():
        rate = config.head_learning_rate if name.startswith("heads.") else config.learning_rate
        decay = config.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": params, "lr": rate, "weight_decay": decay} for (rate, decay), params in groups.items()]


def _batches(rows: Sequence[Sequence[int]], size: int, *, seed: int) -> Iterator[list[int]]:
    """Batches of about one length, in random order: little padding, and no order to learn."""
    rng = random.Random(seed)  # noqa: S311 - shuffling
    order = list(range(len(rows)))
    rng.shuffle(order)
    pool = size * 50
    batches = []
    for at in range(0, len(order), pool):
        chunk = sorted(order[at : at + pool], key=lambda i: len(rows[i]))
        batches += [chunk[b : b + size] for b in range(0, len(chunk), size)]
    rng.shuffle(batches)
    return iter(batches)


def _mixed(
    rows: Sequence[Sequence[int]], pair_rows: Sequence[Sequence[int]], config: TrainConfig, *, seed: int
) -> Iterator[tuple[bool, list[int]]]:
    """Batches of headlines and, among them, of as many pairs as an epoch has; true for those of pairs."""
    rng = random.Random(seed)  # noqa: S311 - shuffling
    chosen = rng.sample(range(len(pair_rows)), min(config.pairs, len(pair_rows)))
    short = [pair_rows[i] for i in chosen]
    batches = [(False, batch) for batch in _batches(rows, config.batch_size, seed=seed)]
    batches += [(True, [chosen[i] for i in b]) for b in _batches(short, config.batch_size, seed=seed)]
    rng.shuffle(batches)
    return iter(batches)


def _pad(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    ids, mask = pad(rows)
    return torch.from_numpy(ids), torch.from_numpy(mask)


def _has_bfloat16() -> bool:
    """Whether this CPU multiplies in bfloat16 by itself; emulated it would be slower than float32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())  # noqa: SLF001 - the only way to ask


def _seed(seed: int) -> None:
    random.seed(seed)
    torch.manual_seed(seed)


# ── run folder ───────────────────────────────────────────────────────────────────────────────────


def _keep(out: Path, model: HeadlineModel, tokenizer: Tokenizer) -> None:
    weights = out / "model.safetensors.part"
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, weights)
    weights.replace(out / "model.safetensors")
    _write(out / "config.json", model.encoder.config.to_json_string(use_diff=False))
    _write(out / "tokenizer.json", tokenizer.to_str())


def _save_state(path: Path, parts: dict[str, Any], run: dict[str, Any]) -> None:
    state = {name: part.state_dict() for name, part in parts.items()}
    part = path.with_suffix(".part")
    torch.save({"parts": state, "run": run, "rng": torch.get_rng_state()}, part)
    part.replace(path)


def _resume(path: Path, parts: dict[str, Any], fresh: dict[str, Any]) -> dict[str, Any]:
    try:
        saved = torch.load(path, weights_only=True)
    except FileNotFoundError as e:
        raise ModelError(f"nothing to resume: {path} does not exist") from e
    run: dict[str, Any] = saved["run"]
    for what in ("config", "data_hash"):
        if run[what] != fresh[what]:
            raise ModelError(f"{path} belongs to another run: its {what} is {run[what]}, now {fresh[what]}")
    for name, part in parts.items():
        part.load_state_dict(saved["parts"][name])
    torch.set_rng_state(saved["rng"])
    return run


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)

"""Train the headline model: from the data files to a run folder, resumable, on a CPU the same for the same seed.

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
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - the name that every reader of PyTorch knows

from classifiers.api import ModelError
from classifiers.batch import by_length, pad
from classifiers.dataset import Record, data_hash, load, split
from classifiers.distil import heard, open_teacher, shallow, soft_losses
from classifiers.gate import default_gate
from classifiers.heads import HEADS, OTHER, probabilities
from classifiers.labels import EVENTS, STATUSES
from classifiers.metrics import Gold, answers, quality
from classifiers.model import HeadlineModel, base_folder, from_base, has_bfloat16, logits_of, sense_of
from classifiers.rounding import round_products
from classifiers.run_folder import digest, keep_model, resume_run, save_state, write
from classifiers.sense import family_batches, family_loss, found_again
from classifiers.stories import families, load_stories
from classifiers.text import normalise

__all__ = ["TrainConfig", "train"]

CHIP, MOVING, EVENT, STATUS = (head.columns for head in HEADS)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything that decides a run's result."""

    vocabulary: int = 8_000  # pieces and words, of 30,522; 99 % of decisions unchanged, 35 MB saved
    max_tokens: int = 64  # the longest headline of the data has 50
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
    teaching: float = 0.5  # weight of the teachers' word against the label's, where they agree
    families: int = 6  # stories with their near misses in a batch that learns "the same event?"
    family_size: int = 12  # headlines of each
    sense_weight: float = 1.0  # of that loss
    rounded: bool = True  # the last epoch with products in int8, as they will be served
    gated_weight: float = 0.2  # event loss of headlines that the gate would drop: `other` would swamp the head
    gated_share: float = (
        0.34  # of those headlines in an epoch, others each time: the model is hardly ever asked about one
    )
    dev: float = 0.1  # share of stories
    test: float = 0.1
    seed: int = 7
    threads: int = 2
    bfloat16: bool | None = None  # arithmetic of the forward pass; None: where the device has it (twice as fast)


def train(
    out: Path,
    *,
    config: TrainConfig = TrainConfig(),
    data: Sequence[Path] | None = None,
    stories: Sequence[Path] | None = None,
    base: Path | None = None,
    teachers: Sequence[Path] = (),
    device: str | None = None,
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
        teachers: finished runs, or weights as they ship, to learn from beside the labels; where the first is a
            run, the model begins as it, or as a part of it where it has fewer ``layers``.
        device: where to compute, as torch names it; a GPU where there is one if left out.
        resume: go on where an interrupted run in ``out`` stopped; its settings must be the same.
        stop_after: interrupt after this epoch, as a power cut would.
        quiet: no progress bar.

    Returns:
        The content of ``run.json``.

    Raises:
        DatasetError: the data is at fault.
        ModelError: nothing to resume, or it belongs to other data or settings; or there is no such device.
    """
    console = Console(stderr=True, quiet=quiet)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads collapse on a shared machine
    torch.set_num_threads(config.threads)
    place = _device(device)
    bfloat16 = has_bfloat16(place) if config.bfloat16 is None else config.bfloat16
    _seed(config.seed)

    # Data: three sides with no story in common.
    records = load(data)
    sides = split(records, dev=config.dev, test=config.test)
    if not sides.train or not sides.dev:
        raise ModelError("too few stories to train on: neither side of the split may be empty")
    console.print(f"{len(sides.train):,} headlines to train on, {len(sides.dev):,} dev, {len(sides.test):,} test")

    # Model: the base encoder with the words of the training side, or what the first teacher is.
    texts = [normalise(r.headline) for r in sides.train]
    members = load_stories(stories)
    kin = families(members, "train")
    kin_texts = [[normalise(m.headline) for m in family] for family in kin]
    masters = [open_teacher(folder, threads=config.threads, place=place) for folder in teachers]
    if masters and masters[0].model is not None:
        model, tokenizer = shallow(masters[0].model[0], config.layers, dropout=config.dropout), masters[0].model[1]
    else:
        read = [*texts, *(text for family in kin_texts for text in family)]
        model, tokenizer = from_base(base or base_folder(), read, vocabulary=config.vocabulary, dropout=config.dropout)
        if config.layers < model.encoder.config.num_hidden_layers:
            raise ModelError(f"{config.layers} layers need a finished run as the first teacher, to begin as part of it")
    tokenizer.enable_truncation(config.max_tokens)
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    kin_rows = [[encoding.ids for encoding in tokenizer.encode_batch(family)] for family in kin_texts]
    said = [torch.from_numpy(master.logits(texts)) for master in masters]
    taught = torch.stack(said).mean(0).to(place) if said else None  # (n, WIDTH)
    model.to(place)
    gold = _targets(sides.train).to(place)
    agreed = None if taught is None else heard(taught, gold)  # (n, heads)
    gate = default_gate()
    gated = [not gate.passes(text) for text in texts]
    weight = torch.tensor([config.gated_weight if far else 1.0 for far in gated], device=place)
    share = 1 - (1 - config.gated_share) * sum(gated) / len(gated)  # of all headlines in an epoch
    dev_gold = Gold.of(sides.dev)
    told = [member for family in families(members, "dev") for member in family]

    # Optimiser: weight decay where it belongs, a faster rate for the heads, linear up and down.
    optimizer = torch.optim.AdamW(_groups(model, config), fused=True)
    steps_per_epoch = math.ceil(share * len(rows) / config.batch_size) + math.ceil(len(kin) / config.families)
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
        "stories_hash": digest(repr(members)),
        "vocabulary_hash": digest(tokenizer.to_str()),
        "teachers": [master.name for master in masters],
        "headlines": {"train": len(sides.train), "dev": len(sides.dev), "test": len(sides.test)},
        "epochs": [],
        "best": -1.0,
        "finished": False,
    }

    def forward(pieces: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        ids, mask = (torch.from_numpy(array).to(place) for array in pad(pieces))
        with torch.autocast(place.type, torch.bfloat16, enabled=bfloat16):
            logits, sense = model(ids, mask)
        return logits, sense

    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "resume.pt"
    parts = {"model": model, "optimizer": optimizer, "schedule": schedule, "averaged": averaged}
    if resume:
        run = resume_run(checkpoint, parts, run, place)
        console.print(f"resumed after epoch {len(run['epochs'])}")
    else:
        (out / "run.json").unlink(missing_ok=True)  # of an earlier run: its weights are about to be replaced

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=console, disable=quiet,
    ) as progress:  # fmt: skip
        for epoch in range(len(run["epochs"]), config.epochs):
            task = progress.add_task(f"epoch {epoch + 1}/{config.epochs}", total=steps_per_epoch)
            if config.rounded and epoch + 1 == config.epochs:
                round_products(model.encoder)
            model.train()
            history: list[float] = []
            for batch, family in _mixed(rows, gated, kin_rows, config, seed=config.seed * 1_000 + epoch):
                if family:
                    # In portions of one length: at once, a third of all pieces would be padding.
                    pieces = [kin_rows[f][h] for f, h in family]
                    portions = [[family[i] for i in part] for part in by_length(pieces, config.batch_size)]
                    sense = torch.cat([forward([kin_rows[f][h] for f, h in part])[1] for part in portions])
                    told_of = [kin[f][h].story for part in portions for f, h in part]
                    loss = config.sense_weight * family_loss(sense, told_of)
                else:
                    logits, _ = forward([rows[i] for i in batch])
                    losses = _losses(logits, gold[batch], weight[batch], config)  # (n, heads)
                    if taught is not None and agreed is not None:
                        mixed = torch.lerp(losses, soft_losses(logits, taught[batch]), config.teaching)
                        losses = torch.where(agreed[batch], mixed, losses)
                    loss = losses.mean(0).sum()
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                averaged.update_parameters(model)
                history.append(loss.item())
                progress.update(
                    task, advance=1, description=f"epoch {epoch + 1}/{config.epochs} loss {np.mean(history[-50:]):.3f}"
                )

            # Early stopping: the averaged weights on the dev side.
            p = probabilities(logits_of(averaged.module, tokenizer, [r.headline for r in sides.dev]))
            figures = quality(dev_gold, answers(p))
            score = float(np.mean([figures["chip_export"], *figures.values()]))  # chip_export counts twice
            if told:
                known = sense_of(averaged.module, tokenizer, [member.headline for member in told])
                figures["story"] = found_again(known, [member.story for member in told])
            run["epochs"].append({"loss": float(np.mean(history)), "score": score, **figures})
            console.print(
                f"epoch {epoch + 1}: loss {np.mean(history):.3f}, dev "
                + ", ".join(f"{k} {v:.3f}" for k, v in figures.items())
            )
            if score > run["best"]:
                run["best"] = score
                keep_model(out, averaged.module, tokenizer)
            scores = [e["score"] for e in run["epochs"]]
            last = epoch + 1 == config.epochs or len(scores) - 1 - int(np.argmax(scores)) >= config.patience
            run["finished"] = last
            save_state(checkpoint, parts, run, place)
            if last or stop_after == epoch + 1:
                break
    if run["finished"]:
        write(out / "run.json", json.dumps(run, indent=2) + "\n")
        checkpoint.unlink()
    return run


# ── pieces of the loop ───────────────────────────────────────────────────────────────────────────


def _targets(records: Sequence[Record]) -> Tensor:
    """Labels as indices, int64, shape (n, 4): chip_export, market_moving, event, status."""
    rows = [(r.chip_export, r.market_moving, EVENTS.index(r.event), STATUSES.index(r.status)) for r in records]
    return torch.tensor(rows, dtype=torch.int64)


def _losses(logits: Tensor, gold: Tensor, weight: Tensor, config: TrainConfig) -> Tensor:
    """Weighted losses by headline and head, shape (n, heads).

    Args:
        logits: float32, shape (n, WIDTH).
        gold: int64, shape (n, heads).
        weight: of each headline in the event loss, float32, shape (n,).
        config: the heads' weights.
    """
    soft = gold[:, :2] * (1 - config.smoothing) + 0.5 * config.smoothing  # (n, 2)
    chip = F.binary_cross_entropy_with_logits(logits[:, CHIP.start], soft[:, 0], reduction="none")
    moving = F.binary_cross_entropy_with_logits(logits[:, MOVING.start], soft[:, 1], reduction="none")
    event = F.cross_entropy(logits[:, EVENT], gold[:, 2], reduction="none", label_smoothing=config.smoothing)
    status = F.cross_entropy(logits[:, STATUS], gold[:, 3], reduction="none", label_smoothing=config.smoothing)
    # `other` has the status `commentary` by rule, which says nothing about the words
    status = status * (gold[:, 2] != OTHER)
    return torch.stack(
        [chip, config.moving_weight * moving, config.event_weight * weight * event, config.status_weight * status], 1
    )


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
    rows: Sequence[Sequence[int]],
    gated: Sequence[bool],
    kin_rows: Sequence[Sequence[Sequence[int]]],
    config: TrainConfig,
    *,
    seed: int,
) -> Iterator[tuple[list[int], list[tuple[int, int]]]]:
    """Batches of headlines and, among them, of families; of each pair one is empty."""
    sizes = [len(family) for family in kin_rows]
    near, far = ([i for i in range(len(rows)) if gated[i] is side] for side in (False, True))
    chosen = near + random.Random(seed).sample(far, round(config.gated_share * len(far)))  # noqa: S311 - a draw
    batches: list[tuple[list[int], list[tuple[int, int]]]] = [
        ([chosen[i] for i in batch], []) for batch in _batches([rows[i] for i in chosen], config.batch_size, seed=seed)
    ]
    batches += [
        ([], family) for family in family_batches(sizes, count=config.families, most=config.family_size, seed=seed)
    ]
    random.Random(seed).shuffle(batches)  # noqa: S311 - shuffling
    return iter(batches)


def _device(name: str | None) -> torch.device:
    name = name or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        place = torch.device(name)
        torch.zeros((), device=place).item()
    except (RuntimeError, AssertionError) as e:  # an unknown name; a build without it; nothing that computes
        raise ModelError(f"device {name}: {str(e).splitlines()[0]}") from e
    return place


def _seed(seed: int) -> None:
    random.seed(seed)
    torch.manual_seed(seed)  # of every device

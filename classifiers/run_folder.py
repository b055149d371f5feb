"""A training run's folder: the best model so far, what a resumed run continues, and what is told of a finished one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel

from classifiers.api import ModelError
from classifiers.model import HeadlineModel

__all__ = ["digest", "keep_model", "load_run", "resume_run", "save_state", "write"]


def load_run(folder: Path) -> tuple[HeadlineModel, Tokenizer]:
    """The model that a finished training run left in its folder, in evaluation mode.

    Raises:
        ModelError: the folder holds no finished run.
    """
    try:
        config = AutoConfig.for_model(**json.loads((folder / "config.json").read_text(encoding="utf-8")))
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        model = HeadlineModel(AutoModel.from_config(config, add_pooling_layer=False))
        model.load_state_dict(load_file(folder / "model.safetensors"))
    except Exception as e:  # the libraries raise whatever they like for a damaged file
        raise ModelError(f"{folder} holds no finished training run ({e})") from e
    return model.eval(), tokenizer


def keep_model(out: Path, model: HeadlineModel, tokenizer: Tokenizer) -> None:
    """Write config, weights and tokenizer, each whole or not at all."""
    weights = out / "model.safetensors.part"
    save_file({k: v.cpu().contiguous() for k, v in model.state_dict().items()}, weights)
    weights.replace(out / "model.safetensors")
    write(out / "config.json", model.encoder.config.to_json_string(use_diff=False))
    write(out / "tokenizer.json", tokenizer.to_str())


def save_state(path: Path, parts: dict[str, Any], run: dict[str, Any], place: torch.device) -> None:
    """Write what a resumed run continues.

    Args:
        path: the file.
        parts: whatever has a ``state_dict``, by name.
        run: the content of ``run.json`` so far.
        place: where the run computes; its generator's state is kept too.
    """
    state = {name: part.state_dict() for name, part in parts.items()}
    chance = {"cpu": torch.get_rng_state()}
    if place.type == "cuda":
        chance["cuda"] = torch.cuda.get_rng_state(place)
    part = path.with_suffix(".part")
    torch.save({"parts": state, "run": run, "chance": chance}, part)
    part.replace(path)


def resume_run(path: Path, parts: dict[str, Any], fresh: dict[str, Any], place: torch.device) -> dict[str, Any]:
    """Put parts and generators back to where a run stopped, and return its ``run.json`` so far.

    Args:
        path: what ``save_state`` wrote.
        parts: as there, changed in place.
        fresh: ``run.json`` of the run that asks; data, settings, vocabulary and teachers must be the same.
        place: where it computes.

    Raises:
        ModelError: there is no such file, or it is damaged or of another run.
    """
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        run: dict[str, Any] = saved["run"]
        chance = saved["chance"]
    except FileNotFoundError as e:
        raise ModelError(f"nothing to resume: {path} does not exist") from e
    except Exception as e:  # whatever unpickling a damaged file raises
        raise ModelError(f"nothing to resume: {path} is damaged, or of another version") from e
    for what in ("config", "data_hash", "stories_hash", "vocabulary_hash", "teachers"):
        if run.get(what) != fresh[what]:
            raise ModelError(f"{path} belongs to another run: its {what} is {run.get(what)}, now {fresh[what]}")
    if (place.type == "cuda") != ("cuda" in chance):
        raise ModelError(f"{path} belongs to a run on another kind of device than {place}")
    for name, part in parts.items():
        part.load_state_dict(saved["parts"][name])
    torch.set_rng_state(chance["cpu"])
    if "cuda" in chance:
        torch.cuda.set_rng_state(chance["cuda"], place)
    return run


def digest(text: str) -> str:
    """Sixteen hex digits that differ where texts do."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def write(path: Path, text: str) -> None:
    """Write a text, whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)

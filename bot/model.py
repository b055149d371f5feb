"""Which classifier the settings ask for, and from which probabilities on it is believed."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings
from classifiers.api import Classifier, Thresholds
from classifiers.serve import FAST_DIR, WEIGHTS_DIR, Manifest, load, load_checkpoint

FAST = "fast"


def pick_classifier(settings: Settings) -> Classifier:
    """Load the shipped model, its fast form, or what CHIPWIRE_MODEL names: exported weights or a checkpoint.

    Raises:
        ModelError: it cannot be loaded; the text says what was expected.
    """
    if settings.model is None:
        return load()
    if settings.model == FAST:
        return load(FAST_DIR)
    if (Path(settings.model) / "manifest.json").is_file():
        return load(Path(settings.model))
    return load_checkpoint(settings.model)


def pick_thresholds(settings: Settings, classifier: Classifier) -> Thresholds:
    """The model's own thresholds, or those that the settings put in their place."""
    own = classifier.thresholds
    return Thresholds(
        chip_export=own.chip_export if settings.chip_export_threshold is None else settings.chip_export_threshold,
        market_moving=(
            own.market_moving if settings.market_moving_threshold is None else settings.market_moving_threshold
        ),
    )


def believed_from(settings: Settings) -> dict[str, float]:
    """The thresholds by name, for a process that loads no model; of a model without a manifest those that are set.

    Raises:
        ModelError: the shipped weights are missing.
    """
    folder = {None: WEIGHTS_DIR, FAST: FAST_DIR}.get(settings.model) or Path(settings.model or "")
    known = {
        "chip_export": settings.chip_export_threshold,
        "market_moving": settings.market_moving_threshold,
    }
    if (folder / "manifest.json").is_file():
        own = Manifest.read(folder).thresholds
        known = {name: getattr(own, name) if value is None else value for name, value in known.items()}
    return {name: value for name, value in known.items() if value is not None}

"""Which classifier the settings ask for."""

from __future__ import annotations

from bot.settings import Settings
from classifiers.api import Classifier
from classifiers.serve import load, load_checkpoint


def pick_classifier(settings: Settings) -> Classifier:
    """Load the shipped model, or the checkpoint that CHIPWIRE_MODEL names.

    Raises:
        ModelError: it cannot be loaded; the text says what was expected.
    """
    if settings.model is None:
        return load()
    return load_checkpoint(settings.model)

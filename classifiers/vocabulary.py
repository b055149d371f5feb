"""The model's vocabulary: whole words of the field, the pieces that other headlines need, and the base's rows for them.

Half of MiniLM's parameters are embeddings of 30,522 pieces, most of which no headline ever uses; and the base, older
than the trade, spells ``nvidia``, ``tsmc`` and ``2nm`` in three pieces each. Every piece is paid for in all layers.
With the field's words whole, ``U.S.`` and ``'s`` one piece each and no closing mark, a headline has a sixth fewer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from tokenizers import Regex, Tokenizer, pre_tokenizers

__all__ = ["fit_vocabulary"]

SPECIAL: Final = ("[PAD]", "[UNK]", "[CLS]")
OFTEN: Final = 10  # uses from which a word is worth an embedding of its own, which training has to find
WORD: Final = r"u\.s\.|'s\b|[^\W_]+|[^\w\s]|_"  # of text in lower case; a headline's words and marks


def fit_vocabulary(base: Tokenizer, texts: Iterable[str], *, size: int) -> tuple[Tokenizer, list[list[int]]]:
    """Fit a WordPiece tokenizer to the headlines of the field.

    In it, until ``size`` is reached: the special pieces; single characters that the base knows in ASCII (so
    that every Latin word can still be spelled); what the texts use, most frequent first, where a word that
    stands in them ``OFTEN`` times is one piece; then the base's own order, which is by frequency in its corpus.

    Args:
        base: the base model's tokenizer.
        texts: normalised headlines.
        size: pieces to keep; fewer if the base and the words have fewer.

    Returns:
        The new tokenizer, without padding and truncation, which puts ``[CLS]`` before a headline and nothing
        behind it; and for each of its ids the ids of the base that spell it.
    """
    spec: dict[str, Any] = json.loads(base.to_str())
    vocab: dict[str, int] = spec["model"]["vocab"]
    prefix = spec["model"]["continuing_subword_prefix"]
    plain = Tokenizer.from_str(base.to_str())
    plain.no_padding()
    plain.no_truncation()

    # How the base spells every word, and which words are worth a piece.
    splitter = pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True)
    words = Counter(
        word
        for text in texts
        for word, _ in splitter.pre_tokenize_str(plain.normalizer.normalize_str(text) if plain.normalizer else text)
    )
    spelling = {word: plain.encode(word, add_special_tokens=False).tokens for word in words}
    whole = {
        word: spelling[word]
        for word, count in words.items()
        if count >= OFTEN and word not in vocab and spec["model"]["unk_token"] not in spelling[word]
    }
    used: Counter[str] = Counter()
    for word, count in words.items():
        for piece in (word,) if word in whole else spelling[word]:
            used[piece] += count

    single = [
        piece
        for piece in vocab
        if piece.isascii()
        and (len(piece) == 1 or (piece.startswith(prefix) and len(piece) == len(prefix) + 1 and piece[-1].isalnum()))
    ]  # a mark stands alone, it continues no word
    by_use = sorted((p for p in used if p in vocab or p in whole), key=lambda p: (-used[p], p))
    by_rank = sorted((p for p in vocab if not p.startswith("[")), key=vocab.__getitem__)
    kept: dict[str, None] = {}
    for piece in (*SPECIAL, *single, *by_use, *by_rank):
        if len(kept) < size and (piece in vocab or piece in whole):
            kept[piece] = None
    # The base's order, so that [PAD] stays 0; then the words.
    pieces = sorted(kept, key=lambda p: (p in whole, vocab.get(p, 0), p))
    new_id = {piece: i for i, piece in enumerate(pieces)}

    spec["model"]["vocab"] = new_id
    spec["padding"] = spec["truncation"] = None  # the base's file pads every headline to 128
    spec["pre_tokenizer"] = {
        "type": "Split", "pattern": {"Regex": WORD}, "behavior": "Removed", "invert": True,
    }  # fmt: skip
    spec["added_tokens"] = [t | {"id": new_id[t["content"]]} for t in spec["added_tokens"] if t["content"] in SPECIAL]
    first = "[CLS]"
    spec["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": first, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {first: {"id": first, "ids": [new_id[first]], "tokens": [first]}},
    }
    rows = [[vocab[part] for part in whole.get(piece, (piece,))] for piece in pieces]
    return Tokenizer.from_str(json.dumps(spec)), rows

"""An evaluation as one page: self-contained HTML with inline SVG, light and dark, no script, nothing fetched."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, Final

from classifiers.api import ModelError
from classifiers.evaluate import HEAD_LABELS, Evaluation, HeadReport
from classifiers.metrics import Interval
from classifiers.plots import histogram, pr_curve, reliability

__all__ = ["render_report", "write_report"]

WORST_CLASSES: Final = 8
DARK_FROM: Final = 0.45  # a cell's ink turns to the page's colour from this share on


def write_report(result: Evaluation, out: Path, *, made: date) -> Path:
    """Write the page, whole or not at all, and return where it stands.

    Args:
        result: what ``evaluate`` returned, with its ``yes_no``.
        out: the file; one that is there is replaced.
        made: the day to print.

    Raises:
        ModelError: the file cannot be written.
    """
    text = render_report(result, made=made)
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=out.parent, prefix=f".{out.name}.", suffix=".part", delete=False
        ) as file:
            part = Path(file.name)
            file.write(text)
        part.chmod(0o644)  # temporary files are made for their owner alone
        part.replace(out)
    except OSError as e:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        raise ModelError(f"{out}: cannot be written: {e.strerror or e}") from e
    return out


def render_report(result: Evaluation, *, made: date) -> str:
    """The page's text; every word of a headline or file name is escaped."""
    sections = [
        _tiles(result),
        _section("Heads", "95 % intervals by bootstrap over headlines", _heads(result)),
        *(_curves(result, head) for head in result.yes_no),
        _section(
            "Confusion", "rows: right, columns: said; shade: share of the row",
            "".join(_confusion(name, result.heads[name]) for name in ("event", "status")), kind="pair",
        ),
        _section("Worst classes", "lowest F1 first", _classes(result)),
        _section("Worst errors", "chip_export before event, the most certain ones first", _errors(result)),
    ]  # fmt: skip
    if result.gate_misses:
        listed = "".join(f"<li>{escape(miss)}</li>" for miss in result.gate_misses)
        sections.append(_section("Lost at the gate", "relevant, and never read", f"<ol>{listed}</ol>"))
    if result.plain:
        sections.append(_section("False alarms", "on headlines that are not about chips", _plain(result)))
    lead = (
        f"{result.headlines:,} headlines, {result.base_rate:.1%} of them chip_export · thresholds "
        + ", ".join(f"{name} {value:.2f}" for name, value in result.thresholds.items())
        + f" · {made.isoformat()}"
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(result.model)} · evaluation</title>
<style>{STYLE}</style>
</head>
<body>
<header><p class="brand">CHIPWIRE <span>evaluation</span></p>
<h1>{escape(result.model)}</h1><p>{escape(lead)}</p></header>
<main>
{"".join(sections)}</main>
</body>
</html>
"""


def _section(title: str, note: str, body: str, *, kind: str = "") -> str:
    return f'<section><h2>{title} <small>{note}</small></h2><div class="{kind or "panel"}">{body}</div></section>\n'


# ── heads ────────────────────────────────────────────────────────────────────────────────────────


def _tiles(result: Evaluation) -> str:
    tiles = []
    for name, head in result.heads.items():
        q = head.quality
        tiles.append(
            f'<div class="tile"><h3>{name} <small>{head.figure}</small></h3><p class="figure">{q.value:.3f}</p>'
            f'{_whisker(q)}<p class="range">{q.low:.3f} – {q.high:.3f}</p></div>'
        )
    return f'<div class="tiles">{"".join(tiles)}</div>\n'


def _whisker(q: Interval) -> str:
    """The interval on a line from 0 to 1."""
    return (
        '<svg class="scale" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">'
        '<line class="grid" x1="0" y1="6" x2="200" y2="6"/>'
        f'<line class="span" x1="{q.low * 200:.1f}" y1="6" x2="{q.high * 200:.1f}" y2="6"/>'
        f'<line class="tick" x1="{q.value * 200:.1f}" y1="1" x2="{q.value * 200:.1f}" y2="11"/></svg>'
    )


def _heads(result: Evaluation) -> str:
    rivals = list(dict.fromkeys(rival for head in result.heads.values() for rival in head.baselines))
    rows = []
    for name, head in result.heads.items():
        figures = [_number(v) for v in (head.precision, head.recall, head.calibration_error)]
        against = [_interval(head.baselines.get(rival)) for rival in rivals]
        rows.append([f"<th>{name}</th>", _cell(head.figure), _interval(head.quality, strong=True), *figures, *against])
    titles = ["head", "figure", "model", "precision", "recall", "calibration error", *map(escape, rivals)]
    return _table(titles, rows, words=2)


def _curves(result: Evaluation, name: str) -> str:
    answers, threshold = result.yes_no[name], result.thresholds[name]
    error = result.heads[name].calibration_error or 0.0
    plots = (
        ("Reliability", f"calibration error {error:.3f}", reliability(answers.gold, answers.p)),
        (
            "Precision and recall",
            "the shipped threshold marked",
            pr_curve(answers.gold, answers.p, threshold=threshold),
        ),
        ("Scores", "logarithmic", histogram(answers.gold, answers.p, threshold=threshold)),
    )
    body = "".join(
        f"<figure><figcaption>{title} <small>{note}</small></figcaption>{svg}</figure>" for title, note, svg in plots
    )
    return _section(name, f"{int(answers.gold.sum()):,} yes of {len(answers.gold):,}", body, kind="trio")


# ── classes ──────────────────────────────────────────────────────────────────────────────────────


def _confusion(name: str, head: HeadReport) -> str:
    labels = HEAD_LABELS[name]
    top = "".join(f'<th class="turned"><span>{label}</span></th>' for label in labels)
    rows = []
    for i, (label, counts) in enumerate(zip(labels, head.confusion, strict=True)):
        total = sum(counts)
        cells = [_count(n, total, right=i == j, title=f"{label}, said {labels[j]}") for j, n in enumerate(counts)]
        rows.append(f"<tr><th>{label}</th>{''.join(cells)}<td class='total'>{total:,}</td></tr>")
    size = "wide" if len(labels) > 8 else "small"
    return (
        f'<div class="panel {size}"><h3>{name}</h3><table class="confusion"><thead><tr><th></th>{top}'
        f"<th class='turned total'><span>all</span></th></tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _count(n: int, total: int, *, right: bool, title: str) -> str:
    if not n:
        return "<td class='none'>·</td>"
    share = n / total
    kind = ("hit" if right else "miss") + (" full" if share >= DARK_FROM else "")
    return f'<td class="{kind}" style="--s:{share:.2f}" title="{title}: {n:,} of {total:,} ({share:.0%})">{n:,}</td>'


def _classes(result: Evaluation) -> str:
    found: list[tuple[float, str, str, dict[str, float], str]] = []
    for name in ("event", "status"):
        head, labels = result.heads[name], HEAD_LABELS[name]
        for label, figures in head.classes.items():
            if not figures["n"]:
                continue  # said, but none is here: precision alone would be told
            row = list(head.confusion[labels.index(label)])
            row[labels.index(label)] = 0
            taken = f"{labels[row.index(max(row))]} ({max(row)})" if any(row) else ""
            found.append((figures["f1"], name, label, figures, taken))
    rows = [
        [
            f"<th>{label} <small>{name}</small></th>",
            f'<td class="bar"><i style="width:{f1:.1%}"></i><b>{f1:.2f}</b></td>',
            _number(figures["precision"], places=2), _number(figures["recall"], places=2),
            f'<td class="n">{figures["n"]:,.0f}</td>', _cell(taken),
        ]
        for f1, name, label, figures, taken in sorted(found, key=lambda entry: entry[0])[:WORST_CLASSES]
    ]  # fmt: skip
    return _table(["class", "F1", "precision", "recall", "n", "most often taken for"], rows, words=2)


# ── errors ───────────────────────────────────────────────────────────────────────────────────────


def _errors(result: Evaluation) -> str:
    if not result.errors:
        return "<p>None.</p>"
    rows = [
        [
            f'<td class="n">{e["chip_export"]:.2f}</td>', f"<td class='headline'>{escape(e['headline'])}</td>",
            f"<td>{_answer(e['gold'], other=None)}</td>", f"<td>{_answer(_said(e, result), other=e['gold'])}</td>",
        ]
        for e in result.errors
    ]  # fmt: skip
    return _table(["chip_export", "headline", "right", "said"], rows, words=0, kind="errors")


def _said(error: dict[str, Any], result: Evaluation) -> dict[str, Any]:
    flagged = int(error["chip_export"] >= result.thresholds["chip_export"])
    return {"chip_export": flagged, "event": error["event"], "status": error["status"]}


def _answer(labels: dict[str, Any], *, other: dict[str, Any] | None) -> str:
    """Three labels as tags; where ``other`` differs, marked as wrong."""
    words = {"chip_export": "chips" if labels["chip_export"] else "not chips"}
    return " ".join(
        f'<span class="tag{" wrong" if other is not None and other[k] != labels[k] else ""}">'
        f"{escape(str(words.get(k, labels[k])))}</span>"
        for k in ("chip_export", "event", "status")
    )


def _plain(result: Evaluation) -> str:
    parts = []
    for plain in result.plain:
        rows = [
            [f'<td class="n">{p:.2f}</td>', f"<td class='headline'>{escape(text)}</td>"] for p, text in plain.highest
        ]
        parts.append(
            f"<h3>{escape(Path(plain.file).name)} <small>{plain.flagged:,} of {plain.headlines:,} flagged "
            f"({plain.flagged / plain.headlines:.2%}), {plain.gated / plain.headlines:.1%} dropped by the gate"
            f"</small></h3>{_table(['chip_export', 'the highest'], rows, words=0, kind='errors')}"
        )
    return "".join(parts)


# ── cells ────────────────────────────────────────────────────────────────────────────────────────


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, words: int, kind: str = "") -> str:
    """A table of ready cells; the first ``words`` titles stand on the left, like their cells."""
    left = {i for i in range(len(titles)) if i < words or titles[i] in {"headline", "right", "said", "the highest"}}
    left |= {len(titles) - 1} if titles[-1].startswith("most") else set()
    top = "".join(f"<th{'' if i in left else ' class=n'}>{title}</th>" for i, title in enumerate(titles))
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f'<div class="scroll"><table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"


def _number(value: float | None, *, places: int = 3) -> str:
    return '<td class="n">–</td>' if value is None else f'<td class="n">{value:.{places}f}</td>'


def _interval(q: Interval | None, *, strong: bool = False) -> str:
    if q is None:
        return '<td class="n">–</td>'
    value = f"<b>{q.value:.3f}</b>" if strong else f"{q.value:.3f}"
    return f'<td class="n">{value} <small>{q.low:.3f}–{q.high:.3f}</small></td>'


STYLE: Final = """
:root { color-scheme: light dark;
  --bg: #f3f5f8; --panel: #fff; --line: #e2e7ee; --line2: #b9c3d0; --text: #131a24; --soft: #475569; --dim: #64748b;
  --yes: #1668c7; --no: #8a97a8; --mark: #a85a00; --wrong: #c62337; --ink: #fff;
  --mono: ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #0a0d12; --panel: #10151d; --line: #1e2733; --line2: #3b4859; --text: #e8edf4; --soft: #a3b0c2; --dim: #8391a5;
  --yes: #4aa8ff; --no: #6c7b90; --mark: #f5a623; --wrong: #ff6472; --ink: #06101c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 14px/1.45 var(--sans);
  font-variant-numeric: tabular-nums; }
header, main { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 30px; }
.brand { font: 700 12px/1 var(--mono); letter-spacing: .16em; margin: 0; }
.brand span { color: var(--dim); font-weight: 400; letter-spacing: .04em; }
h1 { font: 650 28px/1.2 var(--sans); margin: 12px 0 4px; letter-spacing: -.01em; overflow-wrap: anywhere; }
header p:last-child { margin: 0 0 22px; color: var(--soft); }
h2 { font: 650 16px/1.3 var(--sans); margin: 34px 0 10px; }
h3 { font: 600 13px/1.3 var(--sans); margin: 0 0 8px; }
small { font-size: 12px; font-weight: 400; color: var(--dim); margin-left: 4px; letter-spacing: 0; }
.panel, .tile, figure { background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
  padding: 14px 16px; margin: 0; min-width: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 14px; }
.figure { font: 650 34px/1.1 var(--sans); margin: 2px 0 8px; letter-spacing: -.02em; }
.range { margin: 4px 0 0; font-size: 12px; color: var(--dim); }
.scale { display: block; width: 100%; height: 12px; overflow: visible; }
.span { stroke: var(--yes); stroke-width: 5; opacity: .4; }
.tick { stroke: var(--yes); stroke-width: 2.5; vector-effect: non-scaling-stroke; }
.trio { display: grid; grid-template-columns: repeat(auto-fit, minmax(310px, 1fr)); gap: 14px; }
.pair { display: flex; flex-wrap: wrap; gap: 14px; align-items: flex-start; }
.pair .wide { flex: 1 1 620px; } .pair .small { flex: 1 1 360px; }
figcaption { font-weight: 600; font-size: 13px; margin-bottom: 4px; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font: 10.5px var(--sans); fill: var(--dim); font-variant-numeric: tabular-nums; }
svg .name { font-size: 11px; fill: var(--soft); }
svg .note { font-weight: 650; fill: var(--mark); }
svg .aside { font-style: italic; opacity: .8; }
svg .yes-name { fill: var(--yes); font-weight: 650; font-size: 12px; }
svg .no-name { fill: var(--soft); font-weight: 650; font-size: 12px; }
.grid { stroke: var(--line); } .axis, .zero { stroke: var(--line2); }
.ideal { stroke: var(--line2); stroke-dasharray: 4 4; }
.whisker { stroke: var(--yes); stroke-width: 1.5; opacity: .55; }
.dot { fill: var(--yes); stroke: var(--panel); stroke-width: 1.5; }
.curve { fill: none; stroke: var(--yes); stroke-width: 2; stroke-linejoin: round; }
.cross { stroke: var(--mark); stroke-dasharray: 2 3; opacity: .8; }
.mark { fill: var(--mark); stroke: var(--panel); stroke-width: 2; }
.cut { stroke: var(--mark); stroke-width: 1.5; stroke-dasharray: 4 3; }
rect.yes { fill: var(--yes); } rect.no { fill: var(--no); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { text-align: left; font-weight: 600; }
thead th { font-weight: 500; font-size: 12px; color: var(--dim); padding: 0 14px 6px 0; vertical-align: bottom; }
tbody td, tbody th { border-top: 1px solid var(--line); padding: 6px 14px 6px 0; }
.n { text-align: right; }
tbody td, tbody th { white-space: nowrap; }
td.n + td:not(.n), th.n + th:not(.n) { padding-left: 14px; }
td:last-child, th:last-child { padding-right: 0; }
.bar { position: relative; min-width: 150px; }
.bar i { display: inline-block; vertical-align: middle; height: 8px; max-width: calc(100% - 40px);
  border-radius: 2px; background: var(--yes); opacity: .75; }
.bar b { font-weight: 500; margin-left: 7px; }
.errors td { vertical-align: top; }
tbody .headline { min-width: 300px; white-space: normal; width: 60%; overflow-wrap: anywhere; unicode-bidi: isolate; }
.tag { display: inline-block; font: 11px/1 var(--mono); color: var(--soft); border: 1px solid var(--line);
  border-radius: 3px; padding: 3px 5px; margin: 1px 0; white-space: nowrap; }
.tag.wrong { color: var(--wrong); border-color: color-mix(in srgb, var(--wrong) 50%, transparent); }
.confusion { table-layout: fixed; font-size: 12px; }
.confusion th:first-child { width: 104px; white-space: nowrap; font-weight: 500; padding-right: 8px;
  text-align: right; }
.confusion td { text-align: center; padding: 0; height: 28px; border: 2px solid var(--panel); border-radius: 4px; }
.confusion tbody th { border: 0; padding-top: 0; padding-bottom: 0; }
.confusion .turned { height: 92px; padding: 0 0 6px; vertical-align: bottom; }
.turned span { writing-mode: vertical-rl; transform: rotate(180deg); display: block; margin: 0 auto; text-align: left; }
.hit { background: color-mix(in srgb, var(--yes) calc(var(--s) * 88% + 6%), var(--panel)); }
.miss { background: color-mix(in srgb, var(--wrong) calc(var(--s) * 88% + 6%), var(--panel)); }
.full { color: var(--ink); }
.none { color: var(--line2); } .confusion .total { color: var(--dim); }
ol { margin: 0; padding-left: 22px; }
.panel h3:not(:first-child) { margin-top: 18px; }
@media print { body { background: #fff; } section { break-inside: avoid; } }
"""

"""The shipped weights at work, and what happens without them."""

import json
import shutil
import subprocess
import sys
import time

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

from classifiers.api import ModelError
from classifiers.batch import pad
from classifiers.checkpoint import columns_of
from classifiers.dataset import load as load_data
from classifiers.dataset import split
from classifiers.evaluate import evaluate, read_plain
from classifiers.heads import WIDTH
from classifiers.labels import EVENTS, STATUSES, Event, Status
from classifiers.serve import FAST_DIR, WEIGHTS_DIR, Manifest, OnnxEngine, load


@pytest.fixture(scope="module")
def classifier():
    return load()


# Own sentences: chip_export, market_moving, acceptable events, acceptable statuses (None: not asked).
SENTENCES = [
    (
        "Alibaba Stock Surges on China's Potential Approval of Nvidia H200 Chip Imports",
        1,
        1,
        {"import_rule"},
        {"reported"},
    ),
    ("Commerce Department adds a dozen Chinese chipmakers to the Entity List", 1, 1, {"entity_list"}, {"confirmed"}),
    (
        "Washington considers halting sales of AI accelerators to Gulf states, sources say",
        1,
        1,
        {"export_rule"},
        {"reported"},
    ),
    ("AMD receives licence to ship MI308 to China", 1, 1, {"licence"}, {"confirmed"}),
    ("China bans exports of gallium and germanium to the United States", 1, 1, {"retaliation"}, {"confirmed"}),
    ("Three charged with smuggling Nvidia GPUs to Shenzhen through Malaysia", 1, 1, {"enforcement"}, {"confirmed"}),
    ("Trump announces 100% tariff on imported semiconductors", 1, 1, {"tariff"}, None),
    ("Op-ed: Why chip export controls will not slow China down", 1, 0, None, {"commentary"}),
    ("TSMC raises full-year revenue forecast on AI demand", 0, 1, {"results"}, {"confirmed"}),
    ("Micron to build a second memory fab in Idaho", 0, None, {"capacity"}, {"confirmed"}),
    ("SK Hynix hits record high after strong quarterly profit", 0, 1, {"results"}, {"confirmed"}),
    ("Best gaming laptops with Nvidia graphics this spring", 0, 0, None, None),
    ("Villagers celebrate as potato chip factory reopens", 0, 0, {"other"}, {"commentary"}),
    ("EU puts duties on Chinese electric cars", 0, 0, {"other"}, {"commentary"}),
]


@pytest.mark.parametrize(
    ("headline", "chip", "moving", "events", "statuses"), SENTENCES, ids=[s[0][:40] for s in SENTENCES]
)
def test_own_sentences(classifier, headline, chip, moving, events, statuses):
    """The shipped model and gate answer plain cases of the label guide at the shipped thresholds."""
    (score,) = classifier.score([headline])
    assert (score.chip_export >= classifier.thresholds.chip_export) == bool(chip), score
    if moving is not None:
        assert (score.market_moving >= classifier.thresholds.market_moving) == bool(moving), score
    assert events is None or score.event in events, score
    assert statuses is None or score.status in statuses, score


def test_the_headline_that_this_project_began_from(classifier):
    """It is scored high, as a report of a buyer's approval."""
    (score,) = classifier.score(["Alibaba Stock Surges on China's Potential Approval of Nvidia H200 Chip Imports"])
    assert score.chip_export >= 0.9
    assert (score.event, score.status) == (Event.IMPORT_RULE, Status.REPORTED)


def test_quality_on_the_test_side(classifier):
    """The weights that ship are as good on headlines they were not trained on as this version promises."""
    result = evaluate(classifier, baselines=False)
    figures = {name: head.quality.value for name, head in result.heads.items()}
    assert figures["chip_export"] >= 0.92, figures
    assert figures["market_moving"] >= 0.85, figures
    assert figures["event"] >= 0.72, figures
    assert figures["status"] >= 0.72, figures
    assert result.heads["chip_export"].calibration_error <= 0.05
    assert result.heads["chip_export"].precision >= 0.92
    json.dumps(result.as_dict())


def test_general_news_raises_no_alarm(classifier):
    """Of general headlines that were not trained on, at most 1 in 100 reaches the threshold."""
    general = [r.headline for r in split(load_data()).test if r.batch.startswith("general")]
    flagged = [
        h
        for h, s in zip(general, classifier.score(general), strict=True)
        if s.chip_export >= classifier.thresholds.chip_export
    ]
    assert len(flagged) <= 0.01 * len(general), flagged


def test_empty_batch(classifier):
    """Nothing in, nothing out."""
    assert classifier.score([]) == []


@pytest.mark.parametrize("headline", ["", "   ", "\u200b", "<b></b>"])
def test_empty_headline(classifier, headline):
    """A headline without words is gated, also from an official source."""
    for official in (False, True):
        (score,) = classifier.score([headline], official=[official])
        assert score.gated
        assert (score.chip_export, score.event, score.status) == (0.0, Event.OTHER, Status.COMMENTARY)


def test_official_titles_go_past_the_gate(classifier):
    """An official title without any of the field's words reaches the model; the same from elsewhere does not."""
    title = "Additions of Persons; Corrections"
    press, official = classifier.score([title, title], official=[False, True])
    assert press.gated
    assert not official.gated
    with pytest.raises(ValueError, match="2 headlines but 1"):
        classifier.score([title, title], official=[True])


def test_truncation(classifier):
    """A title with an article in it is cut on the right: what lies behind the limit changes nothing."""
    head = "Nvidia wins licence to sell H20 chips to China " * 20
    a, b = classifier.score([head + "and potatoes", head + "and carrots " * 5_000])
    assert a == b
    assert a.chip_export > 0.5


@pytest.mark.parametrize("weights", [WEIGHTS_DIR, FAST_DIR], ids=["full", "fast"])
def test_a_score_does_not_depend_on_its_neighbours(weights):
    """Alone, among short ones, among long ones, in another order: the same within 1e-3."""
    classifier = load(weights)
    texts = [s[0] for s in SENTENCES]
    alone = [classifier.score([t])[0] for t in texts]
    crowd = classifier.score([*texts, *("Chip " + "curbs on chips " * n for n in range(1, 60))])[: len(texts)]
    reverse = classifier.score(texts[::-1])[::-1]
    for a, b, c in zip(alone, crowd, reverse, strict=True):
        for other in (b, c):
            assert abs(a.chip_export - other.chip_export) <= 1e-3
            assert abs(a.market_moving - other.market_moving) <= 1e-3
            assert (a.event, a.status) == (other.event, other.status)


def test_order_is_kept(classifier):
    """Gated headlines and others come back where they stood."""
    texts = [text for s in SENTENCES for text in (s[0], "Mayor opens flower show")]
    scores = classifier.score(texts)
    assert [s.gated for s in scores[1::2]] == [True] * len(SENTENCES)
    assert [s.chip_export for s in scores[::2]] == pytest.approx(
        [classifier.score([s[0]])[0].chip_export for s in SENTENCES], abs=1e-3
    )


def test_shipped_files(classifier):
    """The weights fit into the repository, name themselves, and agree with the labels."""
    assert sum(f.stat().st_size for f in WEIGHTS_DIR.iterdir()) <= 25_000_000
    assert classifier.name.startswith("chipwire-")
    assert 0.5 <= classifier.thresholds.chip_export <= 0.95


def test_missing_weights(tmp_path):
    """Without a manifest the error names the file and the labels that were expected."""
    with pytest.raises(ModelError, match=r"manifest.json: no model here .*export_rule"):
        load(tmp_path)


def copy_weights(tmp_path):
    return shutil.copytree(WEIGHTS_DIR, tmp_path / "w")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_missing_file(tmp_path, name):
    """A weights folder without one of its files is refused by that file's name."""
    folder = copy_weights(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"{name}: the file is missing"):
        load(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_damaged_file(tmp_path, name):
    """A truncated file is a ModelError, not the library's own."""
    folder = copy_weights(tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"cannot be loaded .*expected the labels .*export_rule"):
        load(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_files_of_two_models(tmp_path, name):
    """A network with the tokenizer or the manifest of another model is refused, with the labels that were expected."""
    folder = copy_weights(tmp_path)
    shutil.copy(FAST_DIR / name, folder / name)
    if name == "tokenizer.json":  # one whose pieces the network does not have
        tokenizer = json.loads((folder / name).read_text())
        vocab = tokenizer["model"]["vocab"]
        tokenizer["model"]["vocab"] = {piece: i + 100_000 * (i > 4) for piece, i in vocab.items()}
        (folder / name).write_text(json.dumps(tokenizer))
    with pytest.raises(ModelError, match=r"files do not belong together.*export_rule"):
        load(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": {"sentiment": ["good", "bad"]}}, r"other labels \(sentiment: good, bad\); expected .*export_rule"),
        ({"labels": None}, "other labels"),
        ({"format": 99}, "format 99"),
        ({"thresholds": {"chip_export": 0.5}}, "not a manifest of this project"),
        ({"temperatures": []}, "not a manifest of this project"),
    ],
)
def test_foreign_manifest(tmp_path, change, words):
    """A model with other labels, or a manifest of another make, says what it has and what was expected."""
    folder = copy_weights(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | change))
    with pytest.raises(ModelError, match=words):
        load(folder)


def test_manifest_that_is_no_json(tmp_path):
    """Anything else under the manifest's name is refused with the file's name."""
    (tmp_path / "manifest.json").write_text("weights, I promise")
    with pytest.raises(ModelError, match=r"manifest.json: not a manifest"):
        load(tmp_path)


def test_foreign_network(tmp_path):
    """A network with another number of outputs is refused although its manifest looks right."""
    onnx = pytest.importorskip("onnx")
    folder = copy_weights(tmp_path)
    network = onnx.load(str(folder / "model.onnx"))
    network.graph.output[0].type.tensor_type.shape.dim[-1].dim_value = WIDTH - 1
    last = network.graph.output[0].name
    shorter = onnx.helper.make_node("Slice", ["whole", "from", "to", "axis"], [last])
    for node in network.graph.node:
        node.output[:] = ["whole" if name == last else name for name in node.output]
    ends = (("from", 0), ("to", WIDTH - 1), ("axis", 1))
    network.graph.initializer.extend(onnx.helper.make_tensor(name, 7, [1], [value]) for name, value in ends)
    network.graph.node.append(shorter)
    onnx.save(network, str(folder / "model.onnx"))
    with pytest.raises(ModelError, match=f"{WIDTH - 1} outputs, expected {WIDTH}"):
        load(folder)


def test_the_network_has_a_column_for_each_answer():
    """Two yes/no heads, the events and the statuses; nothing in, nothing out."""
    engine = OnnxEngine(WEIGHTS_DIR, Manifest.read(WEIGHTS_DIR), threads=1)
    assert len(EVENTS) + len(STATUSES) + 2 == WIDTH
    assert engine.logits([]).shape == (0, WIDTH)
    assert engine.logits(["chips"]).dtype == np.float32


def test_meanings_are_vectors_of_length_one(classifier):
    """One for each headline, in order, all of one size; nothing in, nothing out; no headline is too empty or long."""
    texts = [*(s[0] for s in SENTENCES), "", "Chip curbs " * 500]
    found = classifier.embed(texts)
    assert len(found) == len(texts)
    assert {(vector.shape, str(vector.dtype)) for vector in found} == {(found[0].shape, "float32")}
    np.testing.assert_allclose([np.linalg.norm(vector) for vector in found], 1, atol=1e-4)
    assert list(classifier.embed([])) == []


def test_a_meaning_does_not_depend_on_its_neighbours(classifier):
    """Alone, among short and long ones, in another order: the same within 1e-3."""
    texts = [s[0] for s in SENTENCES]
    crowd = classifier.embed([*texts, *("Chip " + "curbs on chips " * n for n in range(1, 60))])[: len(texts)]
    np.testing.assert_allclose(crowd, [classifier.embed([text])[0] for text in texts], atol=1e-3)
    np.testing.assert_allclose(crowd, classifier.embed(texts[::-1])[::-1], atol=1e-3)


def test_a_retelling_means_more_alike_than_another_event(classifier):
    """Nearer to the same event in other words than to another event in nearly the same words."""
    told, again, other = classifier.embed([
        "US clears Nvidia to sell H20 chips to China",
        "Washington grants Nvidia licences for H20 sales to Chinese customers",
        "US clears Boeing to sell 737 jets to China",
    ])  # fmt: skip
    assert told @ again > told @ other


def test_serving_needs_no_torch():
    """A fresh interpreter loads and scores without importing torch or transformers."""
    code = (
        "import sys; from classifiers.serve import load; load().score(['Chip curbs']);"
        "sys.exit(any(m in sys.modules for m in ('torch', 'transformers', 'onnx', 'sklearn')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_loads_quickly():
    """The weights open in well under a second (0.3 s on an idle core; the bound allows for a busy machine)."""
    started = time.perf_counter()
    load()
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        (["LABEL_0", "LABEL_1"], {"chip_export": 1}),
        (["relevant", "irrelevant"], {"chip_export": 0}),
        (["other", "chip-export", "Market Moving"], {"other": 0, "chip_export": 1, "market_moving": 2}),
    ],
)
def test_labels_of_other_checkpoints(labels, columns):
    """A checkpoint's outputs are found by their names."""
    assert columns_of(labels) == columns


def test_checkpoint_with_foreign_labels():
    """A checkpoint that cannot answer chip_export is refused with both lists."""
    with pytest.raises(ModelError, match="answers joy, anger, fear; expected the label chip_export"):
        columns_of(["joy", "anger", "fear"])


def test_evaluation_of_labelled_and_plain_files(classifier, tmp_path):
    """Labelled files are measured with either annotator right, plain ones counted for false alarms."""
    row = {"id": "1", "headline": "Commerce blacklists twelve Chinese chipmakers", "chip_export": 1, "market_moving": 1,
           "event": "export_rule", "status": "confirmed", "also": {"event": "entity_list"}}  # fmt: skip
    other = row | {
        "id": "2",
        "headline": "Fresh bread wins prize",
        "chip_export": 0,
        "market_moving": 0,
        "event": "other",
        "status": "commentary",
        "also": {},
    }
    missed = row | {"id": "3", "headline": "They did it again"}
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, [row, other, missed])))
    (tmp_path / "b.txt").write_text("Fresh bread wins prize\n\nThree charged with smuggling Nvidia GPUs to China\n")
    result = evaluate(classifier, labelled=[tmp_path / "a.jsonl"], plain=[tmp_path / "b.txt"], baselines=False)
    assert (result.headlines, result.gate_misses) == (3, ["They did it again"])
    assert result.heads["chip_export"].recall == 0.5
    assert result.heads["event"].classes["entity_list"]["f1"] == 1.0
    assert result.errors[0]["headline"] == "They did it again"
    assert (result.plain[0].headlines, result.plain[0].gated, result.plain[0].flagged) == (2, 1, 1)


@pytest.mark.parametrize(("content", "words"), [(b"", "empty"), (b"ok\n\xff\n", "b.txt:2: invalid UTF-8")])
def test_plain_files_at_fault(tmp_path, content, words):
    """An empty file or invalid bytes are told with file and line."""
    (tmp_path / "b.txt").write_bytes(content)
    with pytest.raises(ModelError, match=words):
        read_plain(tmp_path / "b.txt")


@pytest.mark.parametrize("folder", [WEIGHTS_DIR, FAST_DIR], ids=["full", "fast"])
def test_every_processor_computes_the_same(folder):
    """The quick way of processors that add in 16 bits gives up nothing against the exact one."""
    texts = [f"Chip curbs: {word}" for word in ("Nvidia's H20 is let into China", "ASML may not ship", "$5.5bn charge")]
    rows = [e.ids for e in Tokenizer.from_file(str(folder / "tokenizer.json")).encode_batch(texts)]
    ids, mask = pad(rows)
    found = []
    for exact in ("0", "1"):
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.x64quantprecision", exact)
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        found.append(session.run(["logits"], {"input_ids": ids, "attention_mask": mask})[0])
    np.testing.assert_allclose(*found, atol=1e-5)

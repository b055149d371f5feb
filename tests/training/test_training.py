"""Training, resuming and exporting a tiny model that is made here; needs torch."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: E402 - after the skips
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast  # noqa: E402

from classifiers import __main__ as cli  # noqa: E402
from classifiers import train as training  # noqa: E402
from classifiers.api import ModelError  # noqa: E402
from classifiers.card import write_card  # noqa: E402
from classifiers.dataset import load as load_data  # noqa: E402
from classifiers.dataset import split  # noqa: E402
from classifiers.distil import heard, soft_losses  # noqa: E402
from classifiers.evaluate import evaluate  # noqa: E402
from classifiers.export import activations, check_parity, export, graph_of  # noqa: E402
from classifiers.graph import pack_pairs  # noqa: E402
from classifiers.heads import COMMENTARY, HEADS, OTHER, WIDTH, Calibration, probabilities  # noqa: E402
from classifiers.metrics import Gold, answers, quality  # noqa: E402
from classifiers.model import from_base, logits_of, sense_of  # noqa: E402
from classifiers.rounding import RoundedLinear, round_products  # noqa: E402
from classifiers.run_folder import load_run  # noqa: E402
from classifiers.sense import family_batches, family_loss, found_again  # noqa: E402
from classifiers.serve import load, load_checkpoint  # noqa: E402
from classifiers.stories import families, load_stories  # noqa: E402
from classifiers.vocabulary import OFTEN, fit_vocabulary  # noqa: E402

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # torch and transformers deprecate each other's calls
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

WORDS = (
    "chip chips curbs licence denied granted reported tariff on steel bread flour rises falls profit nvidia amd "
    "china us sells buys"
).split()
EVENTS = {"curbs": "export_rule", "licence": "licence", "tariff": "tariff", "profit": "results", "bread": "other"}
STORIES: list[Path] = []  # the tiny model learns none but where a test says so
TINY = training.TrainConfig(
    vocabulary=110, epochs=20, patience=99, batch_size=4, learning_rate=3e-3, head_learning_rate=1e-2, dropout=0.0,
    smoothing=0.0, average=0.5, dev=0.2, test=0.1, bfloat16=False, gated_weight=1.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A random two-layer encoder with a WordPiece vocabulary of a hundred pieces, saved as a base model would be."""
    folder = tmp_path_factory.mktemp("base")
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters), *WORDS]
    tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.enable_padding(length=128)  # as the real base's file does
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=160,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Thirty headlines whose labels follow from one word each."""
    rows = []
    for i in range(30):
        key = list(EVENTS)[i % 5]
        event, status = EVENTS[key], ["confirmed", "reported", "denied"][i % 3]
        status = "commentary" if event == "other" else status
        chip = int(key in {"curbs", "licence", "tariff"})
        word = {"confirmed": "sells", "reported": "reported", "denied": "denied", "commentary": "buys"}[status]
        filler = f"{WORDS[(7 * i) % 20]} {WORDS[(3 * i + i // 5) % 20]} {i}"
        rows.append({
            "id": f"t-{i}", "headline": f"nvidia chip {key} {word} {filler}", "batch": "t", "story": f"t-{i}",
            "chip_export": chip, "market_moving": int(key != "bread"), "event": event, "status": status,
        })  # fmt: skip
    path = tmp_path_factory.mktemp("data") / "tiny.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture(scope="module")
def run(base, data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    training.train(folder, config=TINY, data=[data], base=base, stories=STORIES, quiet=True)
    return folder


def test_learns_a_few_lines_by_heart(run, data):
    """A tiny model answers every head of its training headlines rightly; anything else is a bug in loss or labels."""
    sides = split(load_data([data]), dev=TINY.dev, test=TINY.test)
    model, tokenizer = load_run(run)
    p = probabilities(logits_of(model, tokenizer, [r.headline for r in sides.train]))
    figures = quality(Gold.of(sides.train), answers(p))
    assert min(figures.values()) >= 0.95, figures
    history = json.loads((run / "run.json").read_text())
    assert history["epochs"][-1]["loss"] < 0.5 * history["epochs"][0]["loss"]
    assert not list(run.glob("*.part")) + list(run.glob("resume.pt"))


def test_same_seed_same_weights_and_resume_equals_uninterrupted(base, data, tmp_path):
    """Two runs agree to the bit, one of them cut after its second epoch and resumed, dropout included."""
    config = dataclasses.replace(TINY, epochs=4, dropout=0.1)
    common = {"config": config, "data": [data], "base": base, "stories": STORIES, "device": "cpu", "quiet": True}
    training.train(tmp_path / "whole", **common)
    cut = training.train(tmp_path / "cut", **common, stop_after=2)
    assert not cut["finished"]
    assert not (tmp_path / "cut" / "run.json").exists()
    resumed = training.train(tmp_path / "cut", **common, resume=True)
    assert resumed == json.loads((tmp_path / "whole" / "run.json").read_text())
    names = ("model.safetensors", "tokenizer.json", "config.json")
    assert all((tmp_path / "cut" / n).read_bytes() == (tmp_path / "whole" / n).read_bytes() for n in names)


def test_resume_refuses_other_settings(base, data, tmp_path):
    """A checkpoint of another configuration, or none, is a clear error."""
    with pytest.raises(ModelError, match="nothing to resume"):
        training.train(tmp_path, config=TINY, data=[data], base=base, stories=STORIES, quiet=True, resume=True)
    training.train(tmp_path, config=TINY, data=[data], base=base, stories=STORIES, quiet=True, stop_after=1)
    with pytest.raises(ModelError, match="belongs to another run: its config"):
        training.train(
            tmp_path,
            config=dataclasses.replace(TINY, seed=1),
            data=[data],
            base=base,
            stories=STORIES,
            quiet=True,
            resume=True,
        )


def test_resume_refuses_other_stories_and_a_damaged_file(base, data, tmp_path):
    """The vocabulary is made of the stories too: with others the pieces would mean something else."""
    one, two = (tmp_path / f"{name}.jsonl" for name in ("one", "two"))
    one.write_text(json.dumps({"headline": "nvidia sells chips", "story": "s"}) + "\n")
    two.write_text(json.dumps({"headline": "nvidia buys chips", "story": "s"}) + "\n")
    run = tmp_path / "run"
    common = {"config": TINY, "data": [data], "base": base, "quiet": True}
    training.train(run, **common, stories=[one], stop_after=1)
    with pytest.raises(ModelError, match="belongs to another run: its stories_hash"):
        training.train(run, **common, stories=[two], resume=True)
    (run / "resume.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="is damaged, or of another version"):
        training.train(run, **common, stories=[one], resume=True)


def test_a_run_that_is_made_again_is_unfinished_until_it_ends(base, data, tmp_path):
    """What an interrupted second run leaves in the folder of a finished one is not exported as that one."""
    common = {
        "config": dataclasses.replace(TINY, epochs=2),
        "data": [data],
        "base": base,
        "stories": STORIES,
        "quiet": True,
    }
    training.train(tmp_path / "run", **common)
    training.train(tmp_path / "run", **common, stop_after=1)
    with pytest.raises(ModelError, match="no finished training run"):
        export(tmp_path / "run", tmp_path / "weights", data=[data])


def test_stops_early(base, data, tmp_path):
    """Without progress on the dev side training ends after `patience` epochs and keeps the best one."""
    still = dataclasses.replace(TINY, learning_rate=0.0, head_learning_rate=0.0, patience=2)
    run = training.train(tmp_path, config=still, data=[data], base=base, stories=STORIES, quiet=True)
    assert len(run["epochs"]) == 3
    assert run["finished"]


def test_export_agrees_with_training_and_serves(run, data, tmp_path):
    """The exported folder loads without torch's help, agrees with the trained model, and replaces an older one."""
    out = tmp_path / "weights"
    out.mkdir()
    (out / "old.txt").write_text("from before")
    manifest = export(run, out, data=[data], name="tiny-1")
    assert sorted(f.name for f in out.iterdir()) == ["manifest.json", "model.onnx", "tokenizer.json"]
    assert list(tmp_path.iterdir()) == [out]
    assert max(manifest["parity"][h] for h in ("chip_export", "market_moving", "event", "status")) <= 0.005
    classifier = load(out)
    assert classifier.name == "tiny-1"
    model, tokenizer = load_run(run)
    texts = [r.headline for r in load_data([data])]
    expected = probabilities(
        logits_of(model, tokenizer, texts), Calibration(manifest["temperatures"], manifest["shifts"])
    ).chip_export
    got = [s.chip_export for s in classifier.score(texts, official=[True] * len(texts))]
    np.testing.assert_allclose(got, expected, atol=0.03)
    assert evaluate(classifier, data=[data], dev=TINY.dev, test=TINY.test).heads["chip_export"].baselines.keys() == {
        "keywords",
        "TF-IDF + LR",
        "frozen MiniLM + LR",
    }
    card = write_card(tmp_path / "CARD.md", weights=out, data=[data]).read_text()
    assert "# tiny-1" in card
    assert "changed since" not in card


def test_export_is_deterministic(run):
    """The same run gives the same bytes."""
    model, tokenizer = load_run(run)
    seen = activations(model, tokenizer, WORDS)
    once, again = (graph_of(model, seen, max_tokens=64).SerializeToString() for _ in range(2))
    assert once == again


def test_large_weights_are_int8(run):
    """Embeddings and the encoder's matrices are stored as int8 with their scales; nothing tells of the machine."""
    model, tokenizer = load_run(run)
    graph = graph_of(model, activations(model, tokenizer, WORDS), max_tokens=64)
    large = [t for t in graph.graph.initializer if np.prod(t.dims) >= 16_384]
    assert large
    assert all(t.data_type == 3 for t in large)  # 3: INT8
    assert not re.search(rb"/[a-z]+/[a-z._-]+\.py", graph.SerializeToString())


def test_export_refuses_a_model_that_lost_its_mind(run, data, tmp_path, monkeypatch):
    """Nothing is written when the exported model decides otherwise than the trained one."""
    model, tokenizer = load_run(run)
    logits = logits_of(model, tokenizer, [r.headline for r in load_data([data])])
    thresholds = load_manifest_thresholds()
    with pytest.raises(ModelError, match=r"changes .* of the .* decisions"):
        check_parity(logits, -logits, thresholds, Calibration())
    broken = tmp_path / "run"
    broken.mkdir()
    with pytest.raises(ModelError, match="no finished training run"):
        export(broken, tmp_path / "weights", data=[data])
    assert not (tmp_path / "weights").exists()


def load_manifest_thresholds():
    from classifiers.api import Thresholds

    return Thresholds(chip_export=0.5, market_moving=0.5)


def test_export_refuses_other_data(run, tmp_path):
    """A run is exported with the data that it was trained on, or not at all."""
    (tmp_path / "other.jsonl").write_text(json.dumps({
        "id": "x", "headline": "chips", "chip_export": 0, "market_moving": 0, "event": "other", "status": "commentary",
    }))  # fmt: skip
    with pytest.raises(ModelError, match="was trained on other data"):
        export(run, tmp_path / "weights", data=[tmp_path / "other.jsonl"])


def test_vocabulary_spells_every_latin_word(base):
    """Words that the base knows and the texts use stay whole, others are spelled, and ids map to the base's rows."""
    full = Tokenizer.from_file(str(base / "tokenizer.json"))
    small, rows = fit_vocabulary(full, ["nvidia licence denied"], size=88)
    assert small.get_vocab_size() == len(rows) == 88
    assert small.encode("nvidia zebra").tokens == ["[CLS]", "nvidia", "z", "##e", "##b", "##r", "##a"]
    assert [[full.id_to_token(p) for p in rows[i]] for i in small.encode("nvidia licence").ids] == [
        ["[CLS]"], ["nvidia"], ["licence"],
    ]  # fmt: skip


def test_a_word_that_stands_often_is_one_piece_that_begins_as_those_that_spelled_it(base):
    """A frequent name, the country and a genitive take one piece each; a rare name is spelled."""
    spec = json.loads((base / "tokenizer.json").read_text())
    spec["model"]["vocab"] |= {mark: len(spec["model"]["vocab"]) + i for i, mark in enumerate(".'-")}
    full = Tokenizer.from_str(json.dumps(spec))
    texts = ["U.S. curbs Nvidia's H20 chips"] * OFTEN + ["rapidus denied"] * (OFTEN - 1)
    words, rows = fit_vocabulary(full, texts, size=200)
    encoding = words.encode("U.S.-China: 'Rapidus' sells Nvidia's H20_x")
    assert " ".join(encoding.tokens) == (
        "[CLS] u.s. - china [UNK] ' r ##a ##p ##i ##d ##u ##s ' sells nvidia 's h20 [UNK] x"
    )
    assert [full.id_to_token(p) for p in rows[words.token_to_id("h20")]] == ["h", "##2", "##0"]
    assert [full.id_to_token(p) for p in rows[words.token_to_id("u.s.")]] == ["u", ".", "s", "."]


def test_a_word_of_the_field_begins_as_the_mean_of_its_pieces(base):
    """Its embedding lies where the base reads the pieces that spelled it; a piece of the base keeps its own."""
    model, tokenizer = from_base(base, ["nvidia sells h20"] * OFTEN, vocabulary=110, dropout=0.0)
    old = BertModel.from_pretrained(base).get_input_embeddings().weight
    new = model.encoder.get_input_embeddings().weight
    full = Tokenizer.from_file(str(base / "tokenizer.json"))
    spelt = [full.token_to_id(piece) for piece in ("h", "##2", "##0")]
    torch.testing.assert_close(new[tokenizer.token_to_id("h20")], old[spelt].mean(0))
    torch.testing.assert_close(new[tokenizer.token_to_id("nvidia")], old[full.token_to_id("nvidia")])


def test_a_base_that_is_none_is_a_clear_error(tmp_path):
    """A folder without a checkpoint is named in one line."""
    with pytest.raises(ModelError, match="no BERT-like checkpoint to begin with") as e:
        from_base(tmp_path / "nowhere", ["chips"], vocabulary=10, dropout=0.0)
    assert "\n" not in str(e.value)


def rows_of(*answers):
    """Logits that say, for each headline: chip_export, market_moving, event, status."""
    logits = torch.zeros(len(answers), WIDTH)
    for row, (chip, moving, event, status) in zip(logits, answers, strict=True):
        row[0], row[1] = (3 if chip else -3), (3 if moving else -3)
        row[HEADS[2].start + event] = row[HEADS[3].start + status] = 3
    return logits


def test_teachers_are_heard_where_they_say_what_the_label_says():
    """By headline and head."""
    taught = rows_of((1, 0, 2, 1), (0, 0, 5, 4))
    gold = torch.tensor([[1, 1, 2, 0], [0, 0, 5, 4]])
    assert heard(taught, gold).tolist() == [[True, False, True, False], [True, True, True, True]]


def test_a_student_that_says_what_its_teacher_says_loses_least():
    """Each head and headline has a loss of its own, least where both agree."""
    taught = rows_of((1, 0, 2, 1), (0, 0, 5, 4))
    same, other = soft_losses(taught, taught), soft_losses(rows_of((0, 0, 2, 1), (0, 0, 7, 4)), taught)
    assert same.shape == (2, 4)
    assert (other > same + 1e-4).tolist() == [[True, False, False, False], [False, False, True, False]]


def test_the_status_of_what_is_none_of_the_field_teaches_nothing():
    """Beside the event `other` it follows from a rule, not from the words."""
    gold = torch.tensor([[0, 0, OTHER, COMMENTARY], [1, 1, 0, 0]])
    losses = training._losses(torch.zeros(2, WIDTH), gold, torch.tensor([0.5, 1.0]), TINY)
    assert losses.shape == (2, 4)
    assert losses[0, 3] == 0 < losses[1, 3]
    assert losses[0, 2] == pytest.approx(float(losses[1, 2]) / 2), "the weight of a headline is of its event loss"


def test_shipped_weights_can_teach(run, base, data, tmp_path):
    """A new run begins as the base and follows what ships; without a teacher it does so less."""
    export(run, tmp_path / "weights", data=[data], name="tiny-1")
    config = dataclasses.replace(TINY, epochs=12, teaching=1.0)
    common = {"config": config, "data": [data], "base": base, "stories": STORIES, "quiet": True}
    history = training.train(tmp_path / "taught", **common, teachers=[tmp_path / "weights"])
    assert history["teachers"] == ["tiny-1"]
    training.train(tmp_path / "alone", **common)
    texts = [r.headline for r in split(load_data([data]), dev=TINY.dev, test=TINY.test).train]
    logits = {
        f: torch.from_numpy(logits_of(*load_run(f), texts)) for f in (run, tmp_path / "taught", tmp_path / "alone")
    }
    far = {f: float(soft_losses(logits[f], logits[run]).sum(1).mean()) for f in logits}
    assert far[run] < far[tmp_path / "taught"] < far[tmp_path / "alone"]
    with pytest.raises(ModelError, match="1 layers need a finished run as the first teacher"):
        training.train(
            tmp_path / "low", config=dataclasses.replace(config, layers=1), data=[data], base=base,
            teachers=[tmp_path / "weights"], stories=STORIES, quiet=True,
        )  # fmt: skip


def test_an_unknown_device_is_a_clear_error(base, data, tmp_path):
    """A GPU that is not there, or a name that torch does not know, is said before anything is written."""
    for device in ("cuda:7", "abacus"):
        with pytest.raises(ModelError, match=f"device {device}: "):
            training.train(tmp_path / "run", config=TINY, data=[data], base=base, device=device, quiet=True)
    assert not (tmp_path / "run").exists()


def test_a_student_of_fewer_layers_follows_its_teacher(run, data, tmp_path):
    """It begins as a part of a finished run, finishes, and decides as its teacher does more than by chance."""
    config = dataclasses.replace(TINY, layers=1, epochs=6)
    history = training.train(tmp_path, config=config, data=[data], teachers=[run], stories=STORIES, quiet=True)
    assert history["finished"]
    (teacher, _), (student, tokenizer) = load_run(run), load_run(tmp_path)
    assert (len(teacher.encoder.encoder.layer), len(student.encoder.encoder.layer)) == (2, 1)
    texts = [r.headline for r in load_data([data])]
    taught, said = (probabilities(logits_of(model, tokenizer, texts)) for model in (teacher, student))
    assert np.mean(taught.event_choice == said.event_choice) > 0.7, "one of five events would agree by chance"


def test_stories_teach_which_two_headlines_tell_of_one_event(base, data, tmp_path):
    """Families of a few stories: the sense of a headline is nearest to another of its story."""
    keys = list(EVENTS)
    rows = [
        {"headline": f"nvidia chip {key} {word} china", "story": f"s-{n}"}
        for n, key in enumerate(keys) for word in ("reported", "denied", "granted")
    ]  # fmt: skip
    stories = tmp_path / "stories.jsonl"
    stories.write_text("\n".join(map(json.dumps, rows)))
    training.train(tmp_path / "run", config=TINY, data=[data], base=base, stories=[stories], quiet=True)
    model, tokenizer = load_run(tmp_path / "run")
    members = [member for family in families(load_stories([stories]), "train") for member in family]
    known = sense_of(model, tokenizer, [member.headline for member in members])
    np.testing.assert_allclose(np.linalg.norm(known, axis=1), 1, atol=1e-5)
    assert found_again(known, [member.story for member in members]) > 0.9


def test_a_near_miss_pushes_harder_than_a_far_one():
    """The loss falls when a story's headlines draw together, and most where a near miss moves away."""
    together = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.9, 0.3], [-1.0, 0.2]]), dim=1)
    apart = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [0.2, 1.0], [0.9, 0.3], [-1.0, 0.2]]), dim=1)
    names = ["a", "a", "b", "c"]
    assert family_loss(together, names) < family_loss(apart, names)
    asked = together.clone().requires_grad_()
    family_loss(asked, names).backward()
    pulls = asked.grad.norm(dim=1)
    assert pulls[2] > 10 * pulls[3], "the near miss is what is learnt from"
    assert family_loss(together, ["a", "b", "c", "d"]) == 0, "no story has two: there is nothing to learn"


def test_families_come_once_an_epoch_and_never_too_large():
    """Every family stands in one batch, with at most so many different headlines."""
    batches = list(family_batches([3, 1, 9, 12], count=2, most=4, seed=5))
    assert sorted({f for batch in batches for f, _ in batch}) == [0, 1, 2, 3]
    assert all(len({f for f, _ in batch}) <= 2 for batch in batches)
    for f, size in enumerate([3, 1, 9, 12]):
        drawn = [h for batch in batches for g, h in batch if g == f]
        assert len(drawn) == len(set(drawn)) == min(size, 4)
        assert all(0 <= h < size for h in drawn)
    assert batches == list(family_batches([3, 1, 9, 12], count=2, most=4, seed=5))


@given(arrays(np.float32, (5, 8), elements=st.floats(-9, 9, width=32)))
def test_no_two_neighbouring_products_overflow(weight):
    """Two neighbouring weights times the greatest activations fit into 16 bits; all stay near what they were."""
    packed, scale = pack_pairs(weight)
    pairs = np.abs(packed.T.astype(np.int32)).reshape(5, -1, 2).sum(axis=2)
    assert pairs.max() * 255 < 2**15
    np.testing.assert_allclose(packed.T * scale[:, None], weight, atol=float(scale.max()) * 0.51)


def test_training_rounds_weights_as_the_export_packs_them():
    """What the last epoch computes with is what will be served."""
    layer = RoundedLinear(8, 5)
    packed, scale = pack_pairs(layer.weight.detach().numpy())
    unit = torch.eye(8) * 127  # rows that their own rounding leaves alone
    np.testing.assert_allclose(
        ((layer(unit) - layer.bias) / 127).detach().numpy(), packed * scale, atol=1e-6, err_msg="by input and output"
    )


def test_rounding_keeps_the_names_of_the_state(run):
    """A model that rounds its products loads what one without it has saved; its answers change, but little."""
    model, tokenizer = load_run(run)
    names, texts = list(model.state_dict()), ["nvidia chip licence denied", "china us bread rises"]
    before = logits_of(model, tokenizer, texts)
    round_products(model.encoder)
    after = logits_of(model, tokenizer, texts)
    assert list(model.state_dict()) == names
    assert 0 < np.abs(after - before).max() < 0.5


def test_exported_meanings_have_length_one_alone_and_in_a_batch(run, data, tmp_path):
    """The vector of a headline is its own, whatever stands beside it."""
    export(run, tmp_path / "weights", data=[data], name="tiny-1")
    classifier = load(tmp_path / "weights")
    texts = [r.headline for r in load_data([data])]
    crowd = np.stack(classifier.embed(texts))
    alone = np.stack([classifier.embed([text])[0] for text in texts])
    np.testing.assert_allclose(np.linalg.norm(crowd, axis=1), 1, atol=1e-4)
    np.testing.assert_allclose(crowd, alone, atol=1e-3)


def test_command_line(base, data, tmp_path, capsys):
    """A run ends with code 0; a fault is one line on stderr and exit code 1."""
    run = str(tmp_path / "run")
    common = ["--data", str(data)]
    settings = ["--epochs", "1", "--batch-size", "8", "--seed", "3", "--quiet", "--base", str(base)]
    assert cli.main(["train", "--run", run, *settings, *common]) == 0
    assert cli.main(["evaluate", "--weights", str(tmp_path), *common]) == 1
    assert "manifest.json: no model here" in capsys.readouterr().err
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "1"}')
    assert cli.main(["train", "--run", run, "--data", str(bad)]) == 1
    assert capsys.readouterr().err == f"{bad}:1: the field 'headline' is missing\n"
    assert cli.main(["evaluate", str(bad), "--no-baselines"]) == 1


def test_another_checkpoint(base, tmp_path):
    """Any sequence-classification checkpoint with a relevant label can stand in for the shipped model."""
    torch.manual_seed(0)
    config = BertConfig.from_pretrained(
        base, num_labels=2, id2label={0: "irrelevant", 1: "relevant"}, label2id={"irrelevant": 0, "relevant": 1}
    )
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    BertTokenizerFast(tokenizer_object=Tokenizer.from_file(str(base / "tokenizer.json"))).save_pretrained(tmp_path)
    classifier = load_checkpoint(tmp_path)
    first, gated = classifier.score(["nvidia chip licence denied", "flour rises"])
    assert classifier.name == str(tmp_path)
    assert 0 < first.chip_export < 1
    assert (first.event, gated.gated) == ("other", True)
    with pytest.raises(ModelError, match="no sequence-classification checkpoint"):
        load_checkpoint(tmp_path / "nowhere")

"""Every question is answered, in plain JSON, with the numbers of the tables; what cannot be answered says why."""

import json
import runpy
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from policy_themes.explore import Session, View, chart
from policy_themes.explore.marks import drawn
from policy_themes.explore.page import part
from policy_themes.explore.plain import to_json
from policy_themes.explore.view import PANELS
from policy_themes.figures import batched
from policy_themes.lexicon.edit import with_setting, with_theme
from policy_themes.store.yaml_file import parse_yaml
from policy_themes.study import Study, open_study

THEME = "fengqiao_experience"
ZH: Mapping[str, Any] = {"language": "zh", "theme": THEME}
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def study(demo_folder: Path) -> Study:
    return open_study(demo_folder)


@pytest.fixture(scope="module")
def session(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(study, out=tmp_path_factory.mktemp("kept") / "views")


@pytest.fixture(scope="module")
def ask(session: Session) -> Ask:
    def asked(question: str, /, **more: Any) -> dict[str, Any]:
        return json.loads(to_json(session.answer({"ask": question, **more})))  # type: ignore[no-any-return]

    return asked


def patiently(ask: Ask, name: str, **more: Any) -> dict[str, Any]:
    for _ in range(400):
        answer = ask(name, **more)
        if "pending" not in answer:
            return answer
    raise AssertionError("never there")


def test_the_options_are_those_of_the_study(ask: Ask, study: Study) -> None:
    options = ask("options")
    assert [theme["id"] for theme in options["themes"]] == list(study.lexicon.ids)
    assert options["years"] == [int(study.corpus.unique["year"].min()), int(study.corpus.unique["year"].max())]
    assert sum(one["n"] for one in options["regions"]) == int(study.corpus.unique["region_code"].notna().sum())
    assert sum(n for _, n in options["kind"]) == int(study.corpus.unique["kind"].notna().sum())
    assert set(options["words"]["save"]) == {"en", "zh"}


def test_every_word_that_the_page_says_is_there_in_both_languages(ask: Ask) -> None:
    import re

    words = ask("options")["words"]
    said = set(re.findall(r'\bsay\("(\w+)"', part("app.js")))
    said |= {f"panel_{name}" for name in (*PANELS, "lexicon")}
    said |= {"sort_text", "sort_left", "sort_right", "pending_words", "pending_topics", "clear", "uncertain", "cannot"}
    assert said - set(words) == set()
    for key, pair in words.items():
        assert set(pair) == {"en", "zh"}, key
        assert set(re.findall(r"\{(\w+)\}", pair["en"])) == set(re.findall(r"\{(\w+)\}", pair["zh"])), key


@pytest.mark.parametrize("panel", ["trend", "map", "ranking", "grid"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_mark_says_the_number_of_its_row(panel: str, lang: str, ask: Ask, study: Study) -> None:
    view = {**ZH, "lang": lang}
    answer = ask("panel", panel=panel, view=view)
    values = chart(study, View.of(view), panel).values  # type: ignore[arg-type]
    assert answer["picture"].startswith("data:image/svg+xml;base64,")
    assert answer["standing"] in ("clear", "uncertain", "cannot")
    assert len(answer["marks"]) == int((values["n_docs"] > 0).sum()) >= 3
    for mark in answer["marks"]:
        row = values.iloc[mark["row"]]
        number = f"{row['n_docs_with_theme']}" if row["headline"] == "share" else f"{row['rate_per_10k']:.3g}"
        assert number in mark["label"]
        assert str(row["n_docs"]) in mark["label"]
        x0, y0, x1, y1 = mark["box"]
        assert 0 <= x0 < x1 <= 1
        assert 0 <= y0 < y1 <= 1
        if "year" in mark["choose"]:
            assert mark["choose"]["year"] == row["year"]
        if "region" in mark["choose"]:
            assert mark["choose"]["region"] == row["region_code"]


def test_spots_lie_on_what_is_drawn(study: Study) -> None:
    """A dark tile is dark where its spot is, and the next tile's spot is elsewhere."""
    from io import BytesIO

    from PIL import Image

    from policy_themes.figures.style import drawing

    made = chart(study, View(**ZH), "map")
    spots = drawn(made).spots
    stream = BytesIO()
    with drawing(made.preset):
        made.figure.savefig(stream, format="png", dpi=100)
    picture = np.asarray(Image.open(stream).convert("L"), dtype=float)
    high, wide = picture.shape
    depth = {}
    for spot in spots:
        # The lower half of a tile, left of its number, has nothing but its colour.
        y = int((spot.y0 + 0.8 * (spot.y1 - spot.y0)) * high)
        x = int((spot.x0 + 0.15 * (spot.x1 - spot.x0)) * wide)
        depth[spot.row] = picture[y, x]
    values = made.values
    order = values.loc[list(depth), "estimate"].astype(float)
    assert order.max() > order.min()
    assert depth[int(order.idxmax())] < depth[int(order.idxmin())] - 40
    assert np.corrcoef(order, [depth[row] for row in order.index])[0, 1] < -0.9


def test_a_grid_on_the_screen_is_the_grid_in_print(study: Study) -> None:
    from io import BytesIO

    from PIL import Image

    from policy_themes.figures.style import drawing

    pictures = []
    for at_once in (False, True):
        with batched() if at_once else drawing():
            made = chart(study, View(**ZH), "grid")
        stream = BytesIO()
        with drawing(made.preset):
            made.figure.savefig(stream, format="png", dpi=120)
        pictures.append(np.asarray(Image.open(stream).convert("L"), dtype=float))
    assert pictures[0].shape == pictures[1].shape
    assert float(np.sqrt(((pictures[0] - pictures[1]) ** 2).mean())) < 2.0


def test_a_year_in_focus_narrows_every_other_panel(ask: Ask, study: Study) -> None:
    view = {**ZH, "year": 2021}
    trend, everything = ask("panel", panel="trend", view=view), ask("panel", panel="trend", view=ZH)
    assert trend["marks"] == everything["marks"]
    ranking = ask("panel", panel="ranking", view=view)
    documents = study.corpus.unique.query("language == 'zh' and year == 2021")
    assert ranking["n_docs"] == len(documents)
    assert len(ranking["marks"]) == documents["region_code"].nunique()


def test_passages_are_the_counted_hits(ask: Ask, study: Study) -> None:
    total = int(study.rates(by=(), interval="none").query("theme == @THEME and language == 'zh'")["n_hits"].iloc[0])
    first = ask("passages", view=ZH)
    assert first["total"] == total > 20
    rows = [row for page in range(1, first["pages"] + 1) for row in ask("passages", view={**ZH, "page": page})["rows"]]
    quoted = study.evidence(themes=[THEME]).query("counted and language == 'zh'")
    assert [(row["doc_id"], row["start"]) for row in rows] == list(zip(quoted["doc_id"], quoted["start"], strict=True))
    assert first["n_with"] == quoted["doc_id"].nunique() < first["n_docs"]
    beyond, last = (ask("passages", view={**ZH, "page": page}) for page in (9_999, first["pages"]))
    assert beyond == last and last["page"] == first["pages"]
    right = ask("passages", view={**ZH, "sort": "right"})["rows"]
    assert [row["right"] for row in right] == sorted(row["right"] for row in right)


def test_removed_hits_say_why(ask: Ask) -> None:
    answer = ask("passages", view={"language": "zh", "theme": "safe_china", "removed": True})
    assert answer["total"] > 0
    assert all(row["excluded"] for row in answer["rows"])


def test_a_document_is_whole_its_hits_marked(ask: Ask, study: Study) -> None:
    row = ask("passages", view=ZH)["rows"][0]
    answer = ask("document", view={**ZH, "document": row["doc_id"]})
    text = "".join(piece[0] for paragraph in answer["paragraphs"] for piece in paragraph["pieces"])
    original = study.corpus.original(row["doc_id"])
    assert "".join(text.split()) == "".join(original.split())
    marked = [piece[0] for paragraph in answer["paragraphs"] for piece in paragraph["pieces"] if piece[1] == "hit"]
    assert row["match"] in marked
    assert answer["footnote"].endswith(".")
    date = next(entry for entry in answer["data"] if entry[0] == "date")
    assert date[1] and date[2]


def test_a_translation_has_its_original_beside_it(ask: Ask, study: Study) -> None:
    pair = study.corpus.documents.dropna(subset=["translation_of"]).iloc[0]
    answer = ask("document", view={"language": "en", "document": pair["doc_id"]})
    beside = answer["beside"]
    assert beside["doc_id"] == pair["translation_of"]
    assert len(beside["at"]) == len(beside["paragraphs"])
    assert beside["at"] == sorted(beside["at"])
    assert max(beside["at"]) < len(answer["paragraphs"])
    back = ask("document", view={"language": "zh", "document": pair["translation_of"]})
    assert back["beside"]["doc_id"] == pair["doc_id"]


def test_an_own_phrase_is_counted_with_its_recall(ask: Ask, study: Study) -> None:
    view = {"language": "zh", "phrase": "枫桥经验"}
    answer = patiently(ask, "phrase", view=view)
    documents = study.corpus.unique
    texts = [study.corpus.normalized(doc_id) for doc_id in documents["doc_id"]]
    assert answer["n_docs"] == sum("枫桥经验" in text for text in texts)
    recall = study.tokens.recall.set_index("phrase").loc["枫桥经验"]
    assert (answer["n_text"], answer["n_kept"]) == (recall["n_text"], recall["n_kept"])
    cut = patiently(ask, "phrase", view={"language": "zh", "phrase": "桥经"})  # no word of anybody's
    assert cut["n"] == answer["n"]
    assert ask("panel", panel="trend", view=view)["marks"]
    assert ask("panel", panel="trend", view={"phrase": "   "})["error"]


def test_a_part_of_a_theme_is_drawn_under_its_own_name(ask: Ask, study: Study) -> None:
    view = {"language": "zh", "theme": "modernization", "facet": "governance"}
    answer = ask("panel", panel="trend", view=view)
    table = study.rates(by=["year"], facets=True, interval="none")
    own = table[(table["theme"] == "modernization") & (table["facet"] == "governance") & (table["language"] == "zh")]
    assert [mark["choose"]["year"] for mark in answer["marks"]] == own.loc[own["n_docs"] > 0, "year"].tolist()
    at = answer["table"]["columns"].index("n_hits")
    assert [int(row[at]) for row in answer["table"]["rows"]] == own["n_hits"].tolist()
    assert ask("passages", view=view)["total"] == int(own["n_hits"].sum())


def test_words_that_set_a_year_apart_are_ranked_and_not_tested(ask: Ask) -> None:
    answer = patiently(ask, "panel", panel="contrast", view={**ZH, "year": 2021})
    assert {"phrase"} == {key for mark in answer["marks"] for key in mark["choose"]}
    assert "p_adjusted" not in answer["table"]["columns"]
    assert answer["standing"] == "uncertain"
    assert ask("panel", panel="contrast", view=ZH)["refused"]
    two = patiently(ask, "panel", panel="contrast", view={**ZH, "first": 2022, "against": {"last": 2019}})
    assert two["marks"]


def test_two_selections_stand_side_by_side(ask: Ask) -> None:
    view = {**ZH, "last": 2019, "against": {"first": 2020}}
    one, other = (ask("panel", panel="trend", view=view, other=side) for side in (False, True))
    years = [{mark["choose"]["year"] for mark in answer["marks"]} for answer in (one, other)]
    assert max(years[0]) <= 2019 < 2020 <= min(years[1])


def test_an_empty_selection_says_why_and_how_to_get_back(ask: Ask, study: Study) -> None:
    view = {**ZH, "kind": "notice", "regions": ["540000"]}
    answer = ask("panel", panel="trend", view=view)
    assert answer["refused"]
    assert answer["standing"] == "cannot"
    documents = study.corpus.unique.query("language == 'zh'")
    expected = {
        "regions": int((documents["kind"] == "notice").sum()),
        "kind": int((documents["region_code"] == "540000").sum()),
    }
    assert {one["field"]: one["n"] for one in answer["back"]} == {key: n for key, n in expected.items() if n}
    assert ask("passages", view=view)["back"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"ask": "panel", "panel": "trend", "view": {"theme": "nothing"}}, "unknown"),
        ({"ask": "panel", "panel": "trend", "view": {"theme": THEME, "facet": "x"}}, "has no part"),
        ({"ask": "panel", "panel": "trend", "view": {"regions": ["999999"]}}, "region `999999`"),
        ({"ask": "panel", "panel": "../trend", "view": {}}, "`panel`"),
        ({"ask": "document", "view": {"document": "00"}}, "not in the study"),
        ({"ask": "name", "view": {}, "topic": "x", "name": "y"}, "topic"),
        ({"ask": "try", "view": ZH, "action": "burn", "phrase": "x"}, "action"),
        ({"ask": "try", "view": ZH, "action": "drop", "phrase": "没有的词"}, "does not count it"),
        ({"ask": "try", "view": ZH, "action": "add", "phrase": "(a|b)"}, "no plain phrase"),
        ({"ask": "try", "view": ZH, "action": "add", "phrase": 7}, "phrase"),
        ({"ask": "address", "address": "theme=fengqiao"}, "unknown"),
        ({"ask": "address", "file": "<html>"}, "not JSON"),
        ({"ask": "save", "panel": "trend", "view": ZH, "name": 3}, "name"),
        ({"ask": "panels"}, "Did you mean `panel`?"),
        ({}, "`ask`"),
        ([], "`ask`"),
        (None, "`ask`"),
    ],
)
def test_what_cannot_be_answered_says_so(question: object, said: str, session: Session) -> None:
    answer = session.answer(question)
    assert said in f"{answer['error']}"
    assert "bug" not in str(answer["error"])
    to_json(answer)


def test_a_question_that_was_overtaken_is_not_answered(session: Session) -> None:
    question = {"ask": "passages", "view": dict(ZH), "channel": "a:passages"}
    assert "rows" in session.answer({**question, "turn": 2})
    assert session.answer({**question, "turn": 1}) == {"stale": True}
    assert "rows" in session.answer({**question, "channel": "b:passages", "turn": 1})


def test_a_saved_view_is_what_was_seen(ask: Ask, session: Session, study: Study) -> None:
    view = {**ZH, "year": 2021, "region": "330000"}
    answer = ask("save", panel="ranking", view=view, name="../../浙江 2021")
    assert sorted(Path(name).suffix for name in answer["files"]) == [".csv", ".json", ".json", ".pdf", ".png", ".svg"]
    assert all(name.startswith("浙江_2021") for name in answer["files"])
    assert {path.name for path in session.out.iterdir() if not path.name.startswith(".")} >= set(answer["files"])
    saved = pd.read_csv(session.out / "浙江_2021.csv", encoding="utf-8-sig", dtype={"region_code": "str"})
    rates = study.rates(by=["year", "region_code"], interval="none")
    own = rates[
        (rates["theme"] == THEME) & (rates["language"] == "zh") & (rates["year"] == 2021) & (rates["n_docs"] > 0)
    ]
    both = saved.merge(own, on="region_code")
    assert len(both) == len(saved) == len(own)
    assert (both["n_docs_x"] == both["n_docs_y"]).all()
    assert (both["n_hits_x"] == both["n_hits_y"]).all()
    assert np.allclose(both["rate_per_10k_x"], both["rate_per_10k_y"].astype(float), rtol=1e-8)
    record = json.loads((session.out / "浙江_2021.json").read_text(encoding="utf-8"))
    assert record["spec"]["view"] == dict(View.of(view).content())
    assert View.from_json((session.out / "浙江_2021.view.json").read_bytes()) == View.of(view)


def test_the_code_of_a_view_draws_it_again(
    ask: Ask, study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    view = {**ZH, "first": 2018, "regions": ["330000", "610000"], "against": {"kind": "news"}}
    code = ask("code", panel="ranking", view=view)["code"]
    monkeypatch.chdir(study.folder.parent)
    body, _, last = code.rstrip().rpartition("\n")
    (tmp_path / "cell.py").write_text(f"{body}\ndrawn = {last}\n", encoding="utf-8")
    found = runpy.run_path(str(tmp_path / "cell.py"))
    expected = chart(study, View.of(view), "ranking")
    pd.testing.assert_frame_equal(found["drawn"].values, expected.values)
    assert found["drawn"].stem == expected.stem


def test_what_is_kept_names_its_theme(ask: Ask, session: Session) -> None:
    saved = ask("save", panel="trend", view={"language": "zh"}, name="bare")
    view = View.from_json((session.out / "bare.view.json").read_text(encoding="utf-8"))
    assert view.theme and f"'theme': {view.theme!r}" in ask("code", panel="trend", view={"language": "zh"})["code"]
    assert "bare.view.json" in saved["files"]
    again = ask("save", panel="trend", view={"language": "zh", "year": 2021}, name="bare")
    assert again["error"] == "Another view is saved as bare."
    assert ask("save", panel="trend", view={"language": "zh"}, name="bare")["files"] == saved["files"]


@pytest.mark.parametrize(
    ("view", "named"), [({"phrase": "现代化"}, ("现代化", "")), ({"facet": "wide"}, (THEME, "wide"))]
)
def test_the_numbers_of_a_phrase_or_a_part_say_of_what_they_are(
    view: dict[str, str], named: tuple[str, str], ask: Ask, session: Session, study: Study
) -> None:
    facets = [facet.id for facet in study.lexicon.theme(THEME).facets]
    asked = {**ZH, **view} if "phrase" in view else {**ZH, "facet": facets[0]}
    ask("save", panel="trend", view=asked, name=f"of {next(iter(view))}")
    table = pd.read_csv(session.out / f"of_{next(iter(view))}.csv", encoding="utf-8-sig", keep_default_na=False)
    expected = named if "phrase" in view else (THEME, facets[0])
    assert set(zip(table["theme"], table["facet"], strict=True)) == {expected}


def test_a_name_of_a_topic_is_one_line_and_its_number_a_number(ask: Ask) -> None:
    assert "`topic` = True is invalid" in ask("name", view=ZH, topic=True, name="x")["error"]


def test_views_are_never_saved_among_the_documents(study: Study) -> None:
    inside = Session(study, out=study.folder / "views")
    assert "inside" in str(inside.answer({"ask": "save", "panel": "trend", "view": dict(ZH)})["error"])
    assert Session(study).out == study.folder.resolve().with_name(f"{study.folder.name}-views")


# The user's own files


@pytest.fixture
def own(demo_folder: Path, tmp_path: Path) -> Session:
    folder = tmp_path / "mine"
    folder.mkdir()
    for path in sorted(demo_folder.rglob("*.txt"))[:24]:
        shutil.copy(path, folder / path.name)
    return Session(open_study(folder))


def test_a_phrase_is_tried_before_it_is_adopted(own: Session) -> None:
    language = own.study.languages[0]
    view = {"language": language, "theme": THEME}
    word = "会议" if language == "zh" else "meeting"
    tried = own.answer({"ask": "try", "view": view, "action": "add", "phrase": word})
    assert tried["after"]["n_hits"] - tried["before"]["n_hits"] == tried["n_gained"] > 0  # type: ignore[index, operator]
    assert tried["n_lost"] == 0
    assert {path.suffix for path in own.study.folder.iterdir()} == {".txt"}  # nothing is written
    before = own.study.corpus.documents
    adopted = own.answer({"ask": "adopt", "view": view, "action": "add", "phrase": word})
    assert adopted == {"file": "themes.yml", "study": "study.yml"}
    again = open_study(own.study.folder)
    assert word in again.lexicon.theme(THEME).count.of(language)
    assert again.lexicon.ids == own.study.lexicon.ids
    pd.testing.assert_frame_equal(again.corpus.documents, before)  # the new files are no documents
    total = again.rates(by=(), interval="none").query("theme == @THEME and language == @language")["n_hits"].iloc[0]
    assert total == tried["after"]["n_hits"]  # type: ignore[index]
    dropped = own.answer({"ask": "adopt", "view": view, "action": "drop", "phrase": word})
    assert "error" not in dropped
    assert word not in open_study(own.study.folder).lexicon.theme(THEME).count.of(language)


def test_a_file_that_cannot_be_written_changes_nothing(own: Session) -> None:
    (own.study.folder / "themes.yml").mkdir()
    view = {"language": own.study.languages[0], "theme": THEME}
    answer = own.answer({"ask": "adopt", "view": view, "action": "add", "phrase": "会议 meeting"})
    assert "themes.yml" in str(answer["error"])
    assert not (own.study.folder / "study.yml").exists()


def test_comments_of_other_themes_stay() -> None:
    text = (
        "# mine\nversion: '3'\nthemes:\n  - id: a  # the first\n    label: {en: A, zh: 甲}\n    count:\n      zh: [平安]\n\n"
        "  # about b\n  - id: b\n    label: {en: B, zh: 乙}\n    count: {zh: [法治]}\n# the end\n"
    )
    entry = {"id": "a", "label": {"en": "A", "zh": "甲"}, "count": {"zh": ["平安", "安全"]}}
    changed = with_theme(text, entry, name="themes.yml")
    assert parse_yaml(changed, name="x").content["themes"][0] == entry  # type: ignore[index]
    for line in ("# mine", "  # about b", "  - id: b", "# the end"):
        assert line in changed.splitlines()
    more = with_theme(changed, {**entry, "id": "c"}, name="themes.yml")
    assert [theme["id"] for theme in parse_yaml(more, name="x").content["themes"]] == ["a", "b", "c"]  # type: ignore[index]
    assert more.endswith("# the end\n")
    flow = with_theme("version: '1'\nthemes: [{id: a}, {id: b}]\n", entry, name="themes.yml")
    assert parse_yaml(flow, name="x").content["themes"] == [entry, {"id": "b"}]  # type: ignore[index]


def test_a_study_file_names_a_file_on_a_line_of_its_own() -> None:
    assert with_setting("", "lexicon", "themes.yml", name="s") == "lexicon: themes.yml\n"
    text = "topics:\n  k: 4"
    assert parse_yaml(with_setting(text, "lexicon", "a: b.yml", name="s"), name="s").content == {
        "topics": {"k": 4},
        "lexicon": "a: b.yml",
    }


@pytest.mark.long
def test_topics_are_shown_and_named(demo_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(demo_folder, folder)
    (folder / "study.yml").write_text("topics: {k: 4, iterations: 60}\n", encoding="utf-8")
    session = Session(open_study(folder))

    def asked(question: str, /, **more: Any) -> dict[str, Any]:
        return json.loads(to_json(session.answer({"ask": question, **more})))  # type: ignore[no-any-return]

    page = patiently(asked, "topics", view={**ZH, "topic": 2, "weight": 1.0})
    assert page["k"] == 4
    fit = session.study.topics("zh")
    best = [fit.terms[place] for place in np.argsort(-fit.beta[1], kind="stable")[:3]]
    assert [term for term, _ in page["topics"][1]["terms"][:3]] == [term.replace("_", " ") for term in best]
    assert page["exemplars"]
    particular = asked("topics", view={**ZH, "weight": 0.0})
    assert particular["topics"][1]["terms"] != page["topics"][1]["terms"]
    for panel, more in (
        ("topics", {}),
        ("trend", {"measure": "prevalence"}),
        ("ranking", {"measure": "prevalence", "topic": 2}),
    ):
        answer = asked("panel", panel=panel, view={**ZH, **more})
        assert not answer.get("refused"), answer
    assert asked("name", view=ZH, topic=2, name="调解") == {"file": "topic_names.csv"}
    assert patiently(asked, "topics", view=ZH)["topics"][1]["name"] == "调解"
    assert open_study(folder).settings.topic_names == "topic_names.csv"
    assert asked("name", view=ZH, topic=9, name="x")["error"] == "There is no topic 9."

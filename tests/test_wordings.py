"""Wordings of a theme, counted by hand in the toy corpus."""

import pytest

from policy_themes.compare import find_hits, wordings
from policy_themes.corpus import Corpus
from policy_themes.lexicon import Lexicon


def counted(
    toy: Corpus, lexicon: Lexicon, theme: str, by: str, language: str
) -> dict[tuple[str, str], tuple[int, ...]]:
    table = wordings(find_hits(toy, lexicon), toy.documents, theme=theme, by=by)  # type: ignore[arg-type]
    own = table[table["language"] == language]
    return {(row.group, row.term): (row.n_hits, row.n_theme, row.n_docs_term, row.n_docs) for row in own.itertuples()}


def test_wide_wordings_stand_beside_the_headline(toy: Corpus, toy_lexicon: Lexicon) -> None:
    # 2021: a.txt 现代化, c.txt 现代服务 (wide); 2022: b.txt 现代化 twice, e.txt none; 2023: d.txt three times. Copies are out.
    assert counted(toy, toy_lexicon, "modern", "year", "zh") == {
        ("2021", "现代化"): (1, 2, 1, 2), ("2021", "现代服务"): (1, 2, 1, 2),
        ("2022", "现代化"): (2, 2, 1, 2), ("2022", "现代服务"): (0, 2, 0, 2),
        ("2023", "现代化"): (3, 3, 1, 1), ("2023", "现代服务"): (0, 3, 0, 1),
    }  # fmt: skip
    table = wordings(find_hits(toy, toy_lexicon), toy.documents, theme="modern", by="year")
    assert dict(zip(table["term"], table["scope"], strict=True)) == {
        "现代化": "narrow", "现代服务": "wide", "modernization": "narrow", "modern services": "wide",
    }  # fmt: skip
    zh = table[table["language"] == "zh"]
    assert zh["share"].tolist() == [0.5, 0.5, 1.0, 0.0, 1.0, 0.0]  # 现代化 first: it is more frequent


def test_excluded_hits_are_not_in_it_and_years_without_a_hit_have_no_share(toy: Corpus, toy_lexicon: Lexicon) -> None:
    assert counted(toy, toy_lexicon, "safe", "year", "zh") == {
        ("2021", "平安"): (0, 0, 0, 2),
        ("2022", "平安"): (1, 1, 1, 2),  # of two, 高水平安全 is none
        ("2023", "平安"): (0, 0, 0, 1),
    }
    table = wordings(find_hits(toy, toy_lexicon), toy.documents, theme="safe", by="year")
    assert table["share"].isna().tolist() == table["n_theme"].eq(0).tolist()


@pytest.mark.parametrize(
    ("by", "groups"), [("year", ["2021", "2022", "2023"]), ("region_code", ["140000", "330000", "610000"])]
)
def test_every_group_has_every_wording(by: str, groups: list[str], toy: Corpus, toy_lexicon: Lexicon) -> None:
    table = wordings(find_hits(toy, toy_lexicon), toy.documents, theme="fengqiao", by=by)  # type: ignore[arg-type]
    own = table[table["language"] == "zh"]
    assert own["group"].tolist() == groups
    assert own["n_hits"].sum() == 2

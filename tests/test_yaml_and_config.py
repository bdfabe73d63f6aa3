"""Settings files: read strictly, refused with a line and a next step, never run."""

import time
from pathlib import Path

import pytest

from policy_themes.config import Settings, load_settings, template
from policy_themes.errors import UsageError
from policy_themes.store.yaml_file import mapping, parse_yaml, read_yaml


def study(folder: Path, text: str) -> Path:
    path = folder / "study.yml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        load_settings(study(folder, text))
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("True", "True"),
        ("010", "010"),
        ("1:20", "1:20"),
        ("2020-01-01", "2020-01-01"),
        ("1e3", "1e3"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("NULL", "NULL"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("true", True),
        ("false", False),
        ("12", 12),
        ("-3", -3),
        ("0.05", 0.05),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_only_plain_numbers_and_truth_values_are_more_than_text(text: str, value: object) -> None:
    found = mapping(parse_yaml(f"key: {text}\n", name="a.yml").content, "a.yml")["key"]
    assert found == value and type(found) is type(value)


def test_every_value_knows_its_line() -> None:
    parsed = parse_yaml("a:\n  - b\n  - c: 1\n\n    d: 2\n", name="a.yml")
    assert parsed.content == {"a": ["b", {"c": 1, "d": 2}]}
    assert [parsed.line(p) for p in [("a",), ("a", 0), ("a", 1, "d"), ("a", 1, "x"), ()]] == [1, 2, 5, 3, 1]


def test_unknown_key_is_suggested_with_its_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, "title: x\nsed: 3\n") == (
        "study.yml has 1 fault(s):\n- line 2: `sed`: unknown key. Did you mean `seed`?"
    )


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, "labels: fr\ntopics:\n  kk: 3\n  iterations: 0\nthemes: law\n")
    assert "study.yml has 4 fault(s)" in message
    for line, key in ((1, "labels"), (3, "topics.kk"), (4, "topics.iterations"), (5, "themes")):
        assert f"- line {line}: `{key}`: " in message


def test_repeated_key(tmp_path: Path) -> None:
    assert refusal(tmp_path, "seed: 1\ntitle: a\nseed: 2\n") == (
        "study.yml line 3: the key `seed` stands twice. Keep one of them."
    )


def test_repeated_key_inside_a_section(tmp_path: Path) -> None:
    assert "study.yml line 3: the key `k` stands twice." in refusal(tmp_path, "topics:\n  k: 3\n  k: 4\n")


def test_tab(tmp_path: Path) -> None:
    assert refusal(tmp_path, "topics:\n\tk: 3\n") == (
        "study.yml line 2: found character '\\t' that cannot start any token. Indent with spaces, never with tabs."
    )


def test_alias_bomb(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert refusal(tmp_path, bomb) == ("study.yml line 1: anchors and aliases are not read. Write the value out.")


def test_five_thousand_brackets_are_refused_within_a_second(tmp_path: Path) -> None:
    start = time.perf_counter()
    assert "study.yml line 2: nested deeper than 20 levels." in refusal(tmp_path, "# a\na: " + "[" * 5000)
    assert time.perf_counter() - start < 1


def test_twenty_levels_are_read_and_twenty_one_are_not() -> None:
    assert parse_yaml("[" * 20 + "]" * 20, name="a.yml").content
    with pytest.raises(UsageError, match="nested deeper than 20"):
        parse_yaml("[" * 21 + "]" * 21, name="a.yml")


def test_tag_runs_nothing(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    message = refusal(tmp_path, f'a: 1\nb: !!python/object/apply:os.mkdir ["{canary}"]\n')
    assert "study.yml line 2: the tag " in message and not canary.exists()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("seed: NO", "`seed`: Input should be a valid integer"),
        ("seed: -1", "`seed`: Input should be greater than or equal to 0"),
        ("seed: true", "`seed`: Input should be a valid integer"),
        ("title: 3", "`title`: Input should be a valid string"),
        ("quarantine_limit: 1.5", "`quarantine_limit`: Input should be less than or equal to 1"),
        ("topics: 3", "`topics`: "),
    ],
)
def test_wrong_type_or_range(text: str, place: str, tmp_path: Path) -> None:
    assert f"- line 1: {place}" in refusal(tmp_path, text + "\n")


def test_region_named_no_stays_text(tmp_path: Path) -> None:
    settings = load_settings(study(tmp_path, "themes: [NO, 010]\ntitle: NO\n"))
    assert (settings.themes, settings.title) == (["NO", "010"], "NO")


def test_folder_cannot_be_set(tmp_path: Path) -> None:
    assert refusal(tmp_path, "seed: 2\nfolder: /etc\n") == ("study.yml line 2: `folder` cannot be set. Remove it.")


def test_template_is_the_defaults(tmp_path: Path) -> None:
    written = load_settings(study(tmp_path, template()))
    assert written.model_dump() == Settings().model_dump()
    assert written.folder == tmp_path.resolve()


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - {"folder"}))
def test_template_names_every_setting(name: str) -> None:
    assert f"{name}:" in template()


def test_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert load_settings(study(tmp_path, "# nothing\n")).seed == 1


def test_own_file_is_found_beside_the_study_file_or_missed_by_name(tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text("")
    settings = load_settings(study(tmp_path, "dictionary: w.txt\nlexicon: none.yml\n"))
    assert settings.file("dictionary") == (tmp_path / "w.txt").resolve()
    assert settings.file("stopwords") is None
    with pytest.raises(UsageError, match=r"`lexicon`: none.yml names no file \(looked for .*none.yml\)"):
        settings.file("lexicon")


def test_missing_study_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(tmp_path / "study.yml")
    assert str(caught.value) == (
        f"The study file {tmp_path / 'study.yml'} is not there. `policy-themes init FOLDER` writes one."
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("标题: 甲".encode("gbk"), "study.yml is not UTF-8. Save it as UTF-8"),
        (b"#" * 2_000_001, "study.yml is larger than 2000000 bytes."),
        (b"a: [1\n", "study.yml line 2: "),
        (b"- a\n---\n- b\n", "study.yml line 2: "),
        (b"? [a]\n: b\n", "study.yml line 1: a key must be text."),
        (b"a: \x00\n", "study.yml: "),
    ],
)
def test_unreadable_file_says_what_to_do(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "study.yml"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_yaml(path)
    assert str(caught.value).startswith(said)


def test_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "study.yml"
    path.write_bytes("seed: 7\n".encode("utf-8-sig"))
    assert load_settings(path).seed == 7

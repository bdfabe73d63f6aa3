"""A view: parsed strictly, and the same again from its address, its file and its code."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_themes.errors import UsageError
from policy_themes.explore import Selection, View
from policy_themes.explore.keep import slug, stem_of

WORDS = st.text(st.characters(exclude_categories=("C",)), max_size=12)
CODES = st.from_regex(r"\A[0-9]{6}\Z")
YEARS = st.integers(1900, 2100)


@st.composite
def selections(draw: st.DrawFn) -> dict[str, object]:
    first, last = sorted((draw(YEARS), draw(YEARS)))
    every = {
        "first": first, "last": last, "regions": tuple(draw(st.lists(CODES, max_size=3))), "outlet": draw(WORDS),
        "institution": draw(WORDS), "kind": draw(WORDS), "year": draw(YEARS), "region": draw(CODES),
    }  # fmt: skip
    return {name: value for name, value in every.items() if draw(st.booleans())}


@st.composite
def views(draw: st.DrawFn) -> View:
    more = {
        "lang": draw(st.sampled_from(["en", "zh"])), "language": draw(st.sampled_from(["en", "zh"])),
        "theme": draw(WORDS), "phrase": draw(WORDS), "measure": draw(st.sampled_from(["headline", "rate", "effect"])),
        "topic": draw(st.integers(1, 99)), "weight": draw(st.floats(0, 1)), "removed": draw(st.booleans()),
        "page": draw(st.integers(1, 999)), "sort": draw(st.sampled_from(["text", "left", "right"])),
        "against": Selection(**draw(selections())), "document": draw(st.from_regex(r"\A[0-9a-f]{16}\Z")),
    }  # fmt: skip
    chosen = {name: value for name, value in more.items() if draw(st.booleans())}
    return View(**draw(selections()), **chosen)


@given(views())
def test_a_view_comes_back_from_its_address_and_its_file(view: View) -> None:
    assert View.from_json(view.to_json()) == view
    address = view.to_address()
    back = View.from_address(address)
    # A second selection that narrows nothing leaves no trace in an address, and does nothing.
    assert back == view if view.against != Selection() else back == view.model_copy(update={"against": None})
    assert View.from_address(f"#{address}") == back


@given(st.text(max_size=60))
def test_any_text_is_a_view_or_a_message(text: str) -> None:
    for read in (View.from_address, View.from_json):
        try:
            read(text)
        except UsageError as error:
            assert error.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"them": "x"}, "`them`. Did you mean `theme`?"),
        ({"first": "2019"}, "`first` of the view"),
        ({"first": 2020, "last": 2019}, "`first` must not be after `last`"),
        ({"regions": ["a,b"]}, "without a comma"),
        ({"against": {"year": 0}}, "`against.year`"),
        ({"against": {"theme": "x"}}, "`against.theme`"),
        ({"document": "../x"}, "`document`"),
        ({"theme": "a\nb"}, "`theme`"),
        ({"measure": "p-value"}, "`measure`"),
        ({"facet": "a", "phrase": "b"}, "no facets"),
        ({"page": True}, "`page`"),
        ([], "a mapping"),
    ],
)
def test_what_is_no_view_is_refused_in_one_message(content: object, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        View.of(content)
    assert said in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "address", ["first=2019&first=2020", "x" * 9_000, "weight=heavy", "removed=1", "first=２０１９"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        View.from_address(address)


def test_only_what_differs_is_shared() -> None:
    view = View(theme="safe_china", year=2019)
    assert json.loads(view.to_json()) == {"year": 2019, "theme": "safe_china"}


@given(st.text(max_size=40))
def test_a_name_becomes_a_file_name_and_no_path(name: str) -> None:
    found = slug(name)
    assert not set(found) & set('/\\.:*?"<>|\0 ')
    assert slug(found) == found
    assert len(found.encode()) < 250


def test_two_views_have_two_names() -> None:
    names = {stem_of(View(theme="a", year=year), "trend") for year in range(2000, 2020)}
    assert len(names) == 20
    assert stem_of(View(theme="a", page=2, document="ab"), "map") == stem_of(View(theme="a"), "map")

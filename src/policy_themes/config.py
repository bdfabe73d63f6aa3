"""The settings of a study: `study.yml`, checked against one schema.

A study file is optional; everything has a default. What it may hold is the
model below and nothing else: an unknown key is an error with a suggestion, so
that a mistyped setting is never silently ignored.
"""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policy_themes.errors import UsageError, closest
from policy_themes.store.yaml_file import YamlFile, read_yaml

Labels = Literal["en", "zh", "both"]
PresetName = Literal["report", "report_half", "journal", "journal_column", "slide"]
SvgLetters = Literal["paths", "text"]
SectionName = Literal[
    "corpus", "years", "regions", "grid", "contrasts", "terms", "topics", "quality", "triangulation", "languages",
    "evidence", "methods", "limits", "files",
]  # fmt: skip
SECTIONS: tuple[SectionName, ...] = get_args(SectionName)
TEXT_SECTIONS: tuple[SectionName, ...] = ("evidence", "methods", "limits", "files")
DRAWN_SECTIONS = tuple(name for name in SECTIONS if name not in TEXT_SECTIONS)
RelativePath = Annotated[str, Field(min_length=1, max_length=400)]
OwnFile = Literal["lexicon", "dictionary", "stopwords", "regions", "calendar", "overrides", "aligned", "topic_names"]
OWN_FILES: tuple[OwnFile, ...] = get_args(OwnFile)
MOST_TOPICS = 500


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TopicSettings(_Section):
    """``topics``: the topic model."""

    k: Annotated[int, Field(ge=2, le=MOST_TOPICS)] | None = None
    engine: Literal["gensim", "tomotopy", "nmf", "structural", "seeded"] = "tomotopy"
    prevalence: str | None = None
    content: str | None = None
    unit: Literal["document", "section", "passage"] = "passage"
    iterations: Annotated[int, Field(ge=1, le=100_000)] | None = None


class TermSettings(_Section):
    """``terms``: the weighted terms (TF-IDF)."""

    min_docs: Annotated[int, Field(ge=1, le=1000)] = 2
    top: Annotated[int, Field(ge=1, le=100)] = 10
    mask_names: bool = True


class ColumnSettings(_Section):
    """``columns``: which column of csv, xlsx, jsonl and parquet files holds what."""

    text: str | None = None
    title: str | None = None
    date: str | None = None
    region: str | None = None
    outlet: str | None = None
    id: str | None = None
    url: str | None = None


class Settings(_Section):
    """
    The settings of one study.

    Attributes
    ----------
    title : str
        Heading of the report.
    collected : {"census", "search", "convenience"} or None
        How the documents were chosen. None: not said, and said so.
    search_terms : list of str
        What was searched for, with ``collected: search``.
    themes : list of str
        Themes that the figures show, in order; empty: the most frequent.
    lexicon, dictionary, stopwords, regions, calendar, overrides, aligned, topic_names : str or None
        The user's own files, relative to the study file: themes, jieba user
        dictionary, stop words, regions table, political calendar,
        corrections of metadata, aligned sentences in both languages, names
        given to topics.
    lexicon_mode : {"extend", "replace"}
    sections : list of str
        Of the report, in order. `quality`, which fits topics many times, is
        there only where it is named.
    labels : {"en", "zh", "both"}
        Language of figures and report.
    preset : {"report", "report_half", "journal", "journal_column", "slide"}
        Where figures are printed: 160 and 78 mm of a report, 174 and 85 mm of a
        journal (two columns, one), 254 mm of a slide.
    svg : {"paths", "text"}
        Letters of an svg: drawn, so that they look alike everywhere, or text to
        edit, which needs the font (Noto Sans SC) where it is opened.
    topics, terms, columns
        See `TopicSettings`, `TermSettings`, `ColumnSettings`.
    copies : {"one", "all", "weighted"}
        Whether a text and its reprints count once (under the earliest), each
        time, or, in rates, each time with a weight that makes one together.
    segmenter : {"rjieba", "jieba"} or None
        Of Chinese. None: rjieba, jieba's model in compiled code, where it is installed.
    part : {"all", "review", "plan"}
        Of work reports: all of them, what they review, or what they plan.
    region_level : {"province", "prefecture", "county"}
        How narrow the regions are that are compared; documents of narrower
        places count for the one they lie in.
    sample : int or None
        So many documents are drawn at random and nothing is known of the others:
        for topics and figures of more documents than memory holds.
    seed : int
        Of everything random.
    quarantine_limit : float
        Share of files that may be unreadable before the run ends with exit 3.
    min_recall : float
        Share of each kept phrase that segmentation must keep whole.
    folder : Path
        Where the study file stands; relative paths start here.
    """

    title: str = "Policy themes across years and regions"
    collected: Literal["census", "search", "convenience"] | None = None
    search_terms: list[str] = []
    themes: list[str] = []
    lexicon: RelativePath | None = None
    lexicon_mode: Literal["extend", "replace"] = "extend"
    dictionary: RelativePath | None = None
    stopwords: RelativePath | None = None
    regions: RelativePath | None = None
    calendar: RelativePath | None = None
    overrides: RelativePath | None = None
    aligned: RelativePath | None = None
    topic_names: RelativePath | None = None
    labels: Labels = "both"
    preset: PresetName = "report"
    svg: SvgLetters = "paths"
    sections: list[SectionName] = [name for name in SECTIONS if name != "quality"]
    topics: TopicSettings = TopicSettings()
    terms: TermSettings = TermSettings()
    columns: ColumnSettings = ColumnSettings()
    copies: Literal["one", "all", "weighted"] = "one"
    part: Literal["all", "review", "plan"] = "all"
    segmenter: Literal["rjieba", "jieba"] | None = None
    region_level: Literal["province", "prefecture", "county"] = "province"
    sample: Annotated[int, Field(ge=1)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    quarantine_limit: Annotated[float, Field(ge=0, le=1)] = 0.05
    min_recall: Annotated[float, Field(ge=0, le=1)] = 0.995
    folder: Path = Field(default=Path(), exclude=True)

    def file(self, name: OwnFile) -> Path | None:
        """
        Return the path of one of the user's own files, or None.

        Raises
        ------
        UsageError
            If it is named but is not there.
        """
        value: str | None = getattr(self, name)
        if value is None:
            return None
        path = (self.folder / value).resolve()
        if not path.is_file():
            raise UsageError(f"`{name}`: {value} names no file (looked for {path}).", hint="Correct it in study.yml.")
        return path

    def with_topics(self, **changes: object) -> "Settings":
        """
        Return the settings with others for the topic model.

        Raises
        ------
        UsageError

        Examples
        --------
        >>> Settings().with_topics(engine="nmf", k=8).topics.k
        8
        """
        try:
            chosen = TopicSettings.model_validate(self.topics.model_dump() | changes)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            raise UsageError(
                f"`{name}` of the topics: {first['msg']}.", hint=f"Known: {', '.join(TopicSettings.model_fields)}."
            ) from error
        return self.model_copy(update={"topics": chosen})


def find_settings(folder: Path, named: Path | None) -> Settings:
    """Load the study file that is named, or the one that lies in the folder, or the defaults."""
    beside = folder / "study.yml"
    return load_settings(named or (beside if beside.is_file() else None))


def load_settings(path: Path | None) -> Settings:
    """
    Load a study file, or the defaults where none is named.

    Raises
    ------
    UsageError
        With every fault and its line.

    Examples
    --------
    >>> load_settings(None).seed
    1
    """
    if path is None:
        return Settings()
    if not path.is_file():
        raise UsageError(f"The study file {path} is not there.", hint="`policy-themes init FOLDER` writes one.")
    source = read_yaml(path)
    content = {} if source.content is None else source.content
    if isinstance(content, dict) and "folder" in content:
        raise UsageError(f"{source.name} line {source.line(('folder',))}: `folder` cannot be set.", hint="Remove it.")
    try:
        settings = Settings.model_validate(content)
    except ValidationError as error:
        raise faults_error(source, error, _known_keys()) from error
    return settings.model_copy(update={"folder": path.resolve().parent})


def _known_keys() -> set[str]:
    """Return every key a study file may have, for suggestions."""
    return {
        name for model in (Settings, TopicSettings, TermSettings, ColumnSettings) for name in model.model_fields
    } - {"folder"}


def faults_error(source: YamlFile, error: ValidationError, known: set[str]) -> UsageError:
    """
    Turn pydantic's findings into one error, a line each.

    Parameters
    ----------
    source : YamlFile
        Where the lines stand.
    error : ValidationError
    known : set of str
        Keys to suggest instead of an unknown one.
    """
    faults = []
    for item in error.errors():
        place = ".".join(str(part) for part in item["loc"])
        unknown = item["type"] == "extra_forbidden"
        said = f"unknown key. {closest(str(item['loc'][-1]), known)}" if unknown else item["msg"]
        faults.append(f"line {source.line(tuple(item['loc']))}: `{place}`: {said}".strip())
    return UsageError(f"{source.name} has {len(faults)} fault(s):\n- " + "\n- ".join(faults))


def template() -> str:
    """Return the commented study file that ``policy-themes init`` writes."""
    return (files("policy_themes") / "data" / "study.yml").read_text(encoding="utf-8")

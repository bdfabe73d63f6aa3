"""What these documents cannot carry, counted in them: the paragraph that a reviewer would ask for."""

from collections.abc import Callable, Iterator

from policy_themes.lexicon.records import Label
from policy_themes.study import Study

FEW = 8  # documents of a side below which nothing is tested


def limits(study: Study) -> list[Label]:
    """
    Return what cannot be concluded from a study's documents, a sentence or two each.

    Parameters
    ----------
    study : Study

    Returns
    -------
    list of Label
        Only what applies to these documents; the first and the last always do.
    """
    return [said for find in _FOUND for said in find(study)]


def _lexicon(study: Study) -> Iterator[Label]:
    """Say that words were counted, not meanings."""
    yield Label(
        "A theme is a list of wordings. What it is called otherwise is not counted, and what a sentence says of it, for or "
        "against, is not known; how often a hit means the theme can be coded with `policy-themes coding sheet`.",
        "主题即措辞清单：以其他说法表达者未计入，句子对该主题持何态度亦不可知；命中的准确率可用 policy-themes coding sheet 编码检验。",
    )


def _drawn(study: Study) -> Iterator[Label]:
    """Say that these documents were drawn from more."""
    n, of = len(study.source.documents), int(study.source.ledger["outcome"].eq("kept").sum())
    if study.settings.sample is not None and n < of:
        yield Label(
            f"These are {n} documents drawn at random from {of}; what all of them say is known within the intervals only, "
            "and a year or region of few documents may be missing.",
            f"本报告所用 {n} 篇系自 {of} 篇中随机抽取；全体的情况只在区间之内可知，文献少的年份或地区可能缺失。",
        )


def _unknown(study: Study) -> Iterator[Label]:
    """Count what has no year or region."""
    documents = study.corpus.unique
    undated, unplaced = int(documents["year"].isna().sum()), int(documents["region_code"].isna().sum())
    if undated or unplaced:
        yield Label(
            f"Of {len(documents)} documents {undated} have no year and {unplaced} no region; they count in no figure by "
            "year or by region, and nothing was filled in.",
            f"{len(documents)} 篇文献中，{undated} 篇无年份、{unplaced} 篇无地区，不计入相应图表，亦未作推补。",
        )


def _confounded(study: Study) -> Iterator[Label]:
    """Say where years cannot be told from regions, and how thin the grid is."""
    placed = study.corpus.unique.dropna(subset=["year", "region_code"])
    sizes = placed.groupby(["year", "region_code"]).size()
    n_years, n_regions = placed["year"].nunique(), placed["region_code"].nunique()
    if sizes.empty or n_years * n_regions == 1:
        return
    single = int((sizes == 1).sum())
    yield Label(
        f"{len(sizes)} of the {n_years * n_regions} cells of year and region hold a document, {single} of them a single one: such "
        "a cell is that document, not the region in that year.",
        f"年份与地区的 {n_years * n_regions} 个格中 {len(sizes)} 个有文献，其中 {single} 个仅一篇：此类格只代表该篇文献，不代表该地区当年。",
    )
    # An additive model of years and regions has so many coefficients: with no more cells it fits anything.
    if len(sizes) <= n_years + n_regions - 1:
        yield Label(
            "Years and regions cannot be told apart here: hardly any year has documents of several regions, or region of "
            "several years, so that a change over the years may be one of regions.",
            "年份与地区在此无法区分：几乎没有哪一年含多个地区的文献，或哪个地区含多年的文献，故历年变化可能只是地区之别。",
        )


def _sources(study: Study) -> Iterator[Label]:
    """Say where the kind of source changes, and that institutions are mixed."""
    breaks = study.source_breaks
    if len(breaks):
        years = ", ".join(map(str, sorted(set(breaks["year"].astype(int)))))
        yield Label(
            f"The kind of source changes in {years}: a line across that year compares two kinds of documents, and is broken.",
            f"文献来源类型在 {years} 年发生变化：跨越该年的比较是两类文献之比，折线在此断开。",
        )
    kinds = study.corpus.unique["institution"].dropna().nunique()
    if kinds > 1:
        yield Label(
            f"{kinds} kinds of institutions speak in these documents, and each has words of its own; a difference between regions or "
            "years may be one between institutions (see the column `institution`).",
            f"文献出自 {kinds} 类机构，各有其用语；地区或年份之间的差异可能源于机构之别（见 institution 一列）。",
        )


def _few(study: Study) -> Iterator[Label]:
    """Say that few documents carry no test."""
    n_docs = len(study.corpus.unique)
    if n_docs < 2 * FEW:
        yield Label(
            f"{n_docs} documents are too few for any test of a difference (fewer than {FEW} a side): the numbers describe these "
            "documents.",
            f"仅 {n_docs} 篇文献，任何差异检验均不成立（每组不足 {FEW} 篇）：数字仅描述所收文献。",
        )


def _translated(study: Study) -> Iterator[Label]:
    """Say that words of a translation are a translator's."""
    own = study.corpus.unique
    english = own[(own["language"] == "en") & own["region_code"].notna()]
    if "zh" in study.languages and "en" in study.languages:
        yield Label(
            "Rates in Chinese and in English have no common unit; compare ratios within a language.",
            "中英文频率单位不同，不可直接相比；请在同一语言内比较比率。",
        )
    unnamed = int(english["translated_by"].isna().sum())
    if unnamed:
        yield Label(
            f"{unnamed} English documents with a region do not say who translated them, if they are translations: their wording "
            "is a translator's, perhaps a machine's.",
            f"{unnamed} 篇涉及地区的英文文献未注明是否译文及译者：其措辞出自译者，亦可能出自机器。",
        )


def _topics(study: Study) -> Iterator[Label]:
    """Say what a topic is not."""
    yield Label(
        "A topic is a pattern of words of one fit; its name is a reading. Topics that other fits do not find again are grey, and "
        "nothing may be read off them; no number of topics is the right one.",
        "话题是一次拟合所得的词语模式，其名称只是一种解读；其他拟合不能重现者以灰色表示，不可解读；话题数无唯一正确值。",
    )


_FOUND: tuple[Callable[[Study], Iterator[Label]], ...] = (
    _lexicon, _drawn, _unknown, _confounded, _sources, _few, _translated, _topics,
)  # fmt: skip

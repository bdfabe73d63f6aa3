"""What was done, in words that can go into a methods section, from the settings and the counts."""

from policy_themes import __version__
from policy_themes.compare.uncertainty.cells import chosen_kind
from policy_themes.figures.says import UNIT
from policy_themes.lexicon.records import Label
from policy_themes.study import Study
from policy_themes.text.units import UNITS

NO_SAMPLE = Label(": there is no sampling interval", "，无抽样区间")
SAMPLED = Label(
    "; intervals for what they are a sample of are in tables/theme_rates.csv (columns ci_low to interval)",
    "；作为样本的区间见 tables/theme_rates.csv（ci_low 至 interval 各列）",
)
COLLECTED = {
    None: Label(
        "How the documents were chosen was not said (`collected` in study.yml); nothing is inferred beyond them.",
        "未说明文献如何收集（study.yml 中的 collected）；结论仅限所收文献。",
    ),
    "census": Label(
        "The documents are all of their kind in the years and regions covered.",
        "文献为所涉年份与地区内同类文献的全部。",
    ),
    "search": Label(
        "The documents were found by searching; no prevalence may be read off for what was searched for.",
        "文献系检索所得；检索词所涉主题的出现率不可解读。",
    ),
    "convenience": Label(
        "The documents are a convenience sample; they stand for nothing but themselves.", "文献为方便样本，仅代表自身。"
    ),
}


COPIES = {
    "one": Label("Copies and reprints count once.", "重复与转载只计一次。"),
    "all": Label("Copies and reprints count each time.", "重复与转载逐篇计入。"),
    "weighted": Label(
        "In rates, a text and its reprints share a weight of one; elsewhere they count once.",
        "计算频率时，一篇文献及其转载合计权重为一；其他处只计一次。",
    ),
}
PARTS = {
    "all": Label("", ""),
    "review": Label(" Only what work reports review is counted.", "仅计工作报告的回顾部分。"),
    "plan": Label(" Only what work reports plan is counted.", "仅计工作报告的部署部分。"),
}
TOPIC_ENGINES = {
    "gensim": Label(
        "latent Dirichlet allocation (gensim) started from a non-negative matrix factorisation",
        "LDA（gensim，变分推断），由非负矩阵分解初始化",
    ),
    "structural": Label(
        "the structural topic model (topica, variational inference from a spectral start)",
        "结构主题模型（topica，谱初始化，变分推断）",
    ),
    "seeded": Label(
        "topics that begin with the lexicon's words, beside free ones (keyATM by topica)",
        "以词典词语为种子的话题与自由话题（keyATM，topica）",
    ),
    "tomotopy": Label(
        "latent Dirichlet allocation (tomotopy, Gibbs sampling, the mean of its last states)",
        "LDA（tomotopy，吉布斯抽样，取末段若干状态的平均）",
    ),
    "nmf": Label(
        "non-negative matrix factorisation (scikit-learn, Kullback-Leibler divergence)",
        "非负矩阵分解（scikit-learn，KL 散度）",
    ),
}
TOPIC_UNITS = {
    "passage": Label("passages", "段落"),
    "section": Label("sections", "章节"),
    "document": Label("documents", "文献"),
}


def summary(study: Study) -> Label:
    """Return the corpus in a sentence."""
    documents = study.corpus.unique
    years = documents["year"].dropna()
    span = f"{years.min()}–{years.max()}" if len(years) else "—"
    n_regions = documents["region_code"].nunique()
    undated, unplaced = int(documents["year"].isna().sum()), int(documents["region_code"].isna().sum())
    parts_en, parts_zh = [], []
    for language in study.languages:
        own = documents[documents["language"] == language]
        unit, n_units = UNIT[UNITS[language]], int(own["n_units"].sum())
        name = Label("Chinese", "中文") if language == "zh" else Label("English", "英文")
        parts_en.append(f"{len(own)} {name.en} ({n_units:,} {unit.en})")
        parts_zh.append(f"{name.zh} {len(own)} 篇（{n_units:,} {unit.zh}）")
    return Label(
        f"{len(documents)} documents: {', '.join(parts_en)}; years {span}; {n_regions} regions; "
        f"{undated} without a year, {unplaced} without a region. {COLLECTED[study.settings.collected].en}",
        f"共 {len(documents)} 篇文献：{'，'.join(parts_zh)}；年份 {span}；{n_regions} 个地区；"
        f"{undated} 篇无年份，{unplaced} 篇无地区。{COLLECTED[study.settings.collected].zh}",
    )


def methods(study: Study) -> list[Label]:
    """Return the methods as paragraphs."""
    recall = study.tokens.recall
    found = recall[recall["n_text"] > 0]
    n_text, n_kept = int(found["n_text"].sum()), int(found["n_kept"].sum())
    whole = f"{n_kept} of {n_text}" if n_text else "none"
    n_excluded = int(study.hits.places["excluded"].ne("").sum())
    topics = study.settings.topics
    copies, part = COPIES[study.settings.copies], PARTS[study.settings.part]
    sampled = chosen_kind(None, study.settings) == "sample"
    return [
        Label(
            f"Themes were counted with policy-themes {__version__} (lexicon {study.lexicon.version}, "
            f"{len(study.lexicon.themes)} themes) in title and body of each document, on text normalised to NFKC with "
            "traditional characters folded; page chrome, by-lines and lists of those attending were removed by rule and "
            "are listed in tables/removed.csv; glossaries and paragraphs in another language are left out. "
            f"Within a theme, hits are leftmost-longest and do not overlap; {n_excluded} "
            "hits inside excluded contexts were taken out and are listed in tables/evidence.csv. Rates are hits in 10,000 "
            f"Han characters (Chinese) or words (English); the two languages are never pooled. {copies.en}{part.en}",
            f"主题以 policy-themes {__version__}（词典 {study.lexicon.version}，{len(study.lexicon.themes)} 个主题）在各文献标题与正文中计数；"
            "文本经 NFKC 规范化，繁体折为简体；网页杂项、署名与出席名单按规则去除，见 tables/removed.csv；名词解释与其他语言的段落不计。同一主题内取最左最长、不重叠的命中；"
            f"{n_excluded} 处处于排除语境的命中不计，见 tables/evidence.csv。频率为每万汉字（中文）或每万词（英文）命中数，两种语言不合并。{copies.zh}{part.zh}",
        ),
        Label(
            f"The rate is exact for these documents (estimand E0){SAMPLED.en if sampled else NO_SAMPLE.en}. Its range runs over eight "
            "ways of counting: exclusions on or off, narrow or wide wording, copies and reprints once or each time. Where half or "
            "more of the documents that have a theme have it once, the share of documents is the headline.",
            f"频率对所收文献而言是精确值（E0）{SAMPLED.zh if sampled else NO_SAMPLE.zh}；其范围来自八种计法：是否排除误命中、窄义或广义、重复文献计一次或多次。"
            "若提及某主题的文献多数只提及一次，则以提及文献占比为主。",
        ),
        Label(
            f"Chinese was segmented with jieba's dictionary, the lexicon's fixed terms laid over it and kept whole "
            f"({whole} occurrences in both languages; tables/recall.csv); English by words, plurals reduced. TF-IDF takes "
            f"the inverse document frequency over documents (terms in at least {study.settings.terms.min_docs} documents, "
            "names of places and outlets left out) and averages documents of length one.",
            f"中文以 jieba 词典分词，词典中的固定词语整体保留（两种语言共 {n_text} 处，保留 {n_kept} 处，见 tables/recall.csv）；英文按词切分并还原复数。"
            f"TF-IDF 的逆文档频率按文献计算（词语至少见于 {study.settings.terms.min_docs} 篇，略去地名与媒体名），各文献向量归一后取平均。",
        ),
        Label(
            f"Topics: {TOPIC_ENGINES[topics.engine].en}, fitted to {TOPIC_UNITS[topics.unit].en}, seed {study.settings.seed}, one topic "
            "for five of them and at most 20 unless set. "
            "One fit is shown; whether other seeds find the same topics is measured by `policy-themes quality`, and no trend of a topic is claimed here.",
            f"话题：{TOPIC_ENGINES[topics.engine].zh}，以{TOPIC_UNITS[topics.unit].zh}为单位，种子 {study.settings.seed}；"
            "未设定时每五个单位一个话题、至多 20 个。此处仅示一次拟合；其他种子能否得到相同话题由 policy-themes quality 检验，故不对话题趋势下结论。",
        ),
    ]

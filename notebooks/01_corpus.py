# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,-all
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · What did I collect, and who is missing?
#
# Every later number divides by what is counted here. This notebook shows which files were used, what was cut from the
# pages, why each document has its year and its region, and which regions have no document at all.
#
# 收集到什么、缺了谁？后面的每个数字都以此为分母。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

from policy_themes.report import charts
from policy_themes.study import open_study

study = open_study(FOLDER, STUDY)
documents = study.corpus.unique

# %% [markdown]
# ## Coverage by year and region
#
# A number is a count of documents; copies and reprints are left out. Hatching means that nothing was collected.
# 阴影为无文献，不是零。

# %%
charts.coverage(study)

# %% [markdown]
# ## What is known, and what became of the files?
#
# A document without a year stands in no year's figure, one without a region in no region's: they are counted here.
# 无年份或无地区的文献不进入相应图表，在此计数。

# %%
charts.known(study)

# %% [markdown]
# ## By institution
#
# A court reports on trials, a political-legal commission on stability. If institutions change from year to year, so
# will the words, even if no policy did. Look for a column with another mix. 机构构成变了，用词也会变。

# %%
years = documents["year"].astype("string").fillna("unknown").rename("year")
pd.crosstab(documents["institution"].fillna("unknown"), years)

# %% [markdown]
# ## Can year, region and institution be told apart?
#
# They can only where the same region and institution come back in several years. If every row below is a 1 and hardly
# any region comes back, the three are *confounded*: a difference between two years is also a difference between two
# regions or two institutions. 年份、地区、机构若一一对应，则无法区分是哪一个造成差异。

# %%
documents[["year", "region_en", "institution"]].value_counts(dropna=False, sort=False).rename("n_docs").reset_index()

# %% [markdown]
# ## Why this date?
#
# `date_source` names the place on the page; `date_candidates` lists every date that was found, in the order of
# precedence. The date of the page comes first; `event_date` is the day of the meeting where the text names one. A wrong
# date is corrected in a file of your own (`overrides` in `study.yml`), not here. 日期取自何处、有哪些备选；有误请在更正表中修改。

# %%
documents[["path", "date", "date_precision", "date_source", "date_candidates", "event_date"]]

# %% [markdown]
# ## What should be looked at?
#
# Documents whose dates contradict each other, whose encoding was declared wrongly, or that were damaged before they
# came here. An empty table is good news. 需要人工核对的文献：

# %%
documents.loc[documents["notes"].notna(), ["path", "record", "notes", "date", "date_candidates", "encoding"]]

# %% [markdown]
# ## How long are they, and of which format?
#
# A year of short notices and a year of long reports are not the same kind of year. 篇幅与格式：

# %%
charts.lengths(study)

# %% [markdown]
# The same in numbers, by format and kind of document. 按格式与文种：

# %%
documents.groupby(["format", "language", "kind"], dropna=False)["n_units"].describe()[["count", "min", "50%", "max"]]

# %% [markdown]
# ## Which are reprints of which?
#
# Each counts once, under the earliest; `similarity` is 1 where they agree word for word. `copies: all` in `study.yml`
# counts every one, `copies: weighted` lets them share a weight of one. 转载与重复（默认只计一次）：

# %%
copies = study.corpus.documents.query("duplicate_of.notna()")
copies.merge(documents[["doc_id", "path"]], left_on="duplicate_of", right_on="doc_id", suffixes=("", "_of"))[
    ["path", "path_of", "similarity", "outlet", "date"]
]

# %% [markdown]
# ## Which are translations of which?
#
# Found by path, or by region, date, length and the numbers that both name; never by their themes. A pair is one document
# in the coverage above. 译文与原文：

# %%
translations = documents.query("translation_of.notna()")
translations.merge(documents[["doc_id", "path"]], left_on="translation_of", right_on="doc_id", suffixes=("", "_of"))[
    ["path", "path_of", "original_language", "translated_by", "date"]
]

# %% [markdown]
# ## Do the texts hold what they announce?
#
# "We should focus on four aspects", and three follow: the page was cut short. Lists of which the announced number and
# the found one differ. 文中宣布的条数与实际条数不符者：

# %%
lists = study.source.points.query("point == 1").merge(study.source.documents[["doc_id", "path"]], on="doc_id")
lists.loc[lists["announced"].notna() & (lists["announced"] != lists["found"]), ["path", "label", "announced", "found"]]

# %% [markdown]
# ## Which parts of the texts are which?
#
# Review and plan of work reports; glossaries and paragraphs in another language, in which nothing is counted
# (`part: plan` in `study.yml` counts the plans alone). 回顾、部署、名词解释等部分的字数：

# %%
study.source.passages.groupby(["role", "part"], dropna=False)["n_units"].agg(["count", "sum"])

# %% [markdown]
# ## Why this region and this institution?
#
# `region_source` says where the region was named: `title` and `issuer` are firm, `body` is a guess to be checked.
# *National* (全国) is a level of its own and no province. 地区依据：标题、发布机构较可靠，正文为推测。

# %%
documents[["path", "region_en", "region_zh", "region_source", "institution", "kind", "outlet"]]

# %% [markdown]
# ## What became of every file?
#
# *kept*: read and counted. *duplicate*: a copy or reprint, listed but counted once. *skipped* and *quarantined* come with a
# reason. Nothing is dropped in silence. 每个文件都有去向。

# %%
study.corpus.ledger["outcome"].value_counts()

# %%
study.corpus.ledger.query("outcome != 'kept'")[["path", "record", "outcome", "reason", "detail"]]

# %% [markdown]
# ## What was removed from the pages?
#
# Breadcrumbs, share bars, editors and lists of those attending are no policy. They were cut by rule and feed neither
# themes nor regions. "Rule of Law Daily" in a by-line is a newspaper, not a hit. First how often each rule cut, and how
# many characters; then the pieces themselves. 网页杂项、署名、出席名单不计。

# %%
removed = study.corpus.removed.merge(study.corpus.documents[["doc_id", "path"]], on="doc_id")
removed["characters"] = removed["end"] - removed["start"]
removed.groupby("rule")["characters"].agg(["count", "sum"])

# %% [markdown]
# Read some of it. If a piece belongs to the text, tell us: a rule that cuts too much is worse than none. 请抽查：

# %%
removed[["path", "rule", "text"]].head(40)

# %% [markdown]
# ## Who is missing?
#
# All province-level divisions are listed in the region scheme, always. These have no document in the folder. Their
# silence means only that nothing was collected. 以下地区没有文献——不等于没有提及。

# %%
everyone = pd.DataFrame(list(study.regions.table.values()))
everyone.loc[~everyone["code"].isin(documents["region_code"]), ["code", "level", "name_en", "name_zh"]]

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** what the folder holds, and which comparisons it can carry at all.
#
# **May not:** how often a subject occurs in China, or in a year, unless the folder is a census of its kind. If you
# found pages by searching for a term, that term is in all of them; its frequency says nothing (`collected: search`).
#
# **On the five seeds:** five pages from 2021 to 2024, three provinces once each and two national ones, written about a
# court, justice departments and political-legal commissions. Any two of them differ in at least two of year, region and
# institution. The English reads like machine translation; no page says who translated it, or from what.
#
# 可以说：文件夹里有什么、支持哪些比较。不可以说：未收集地区的情形。示例五篇：年份、地区、机构无法区分，译文来源不明。

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
# # 03 · When does it rise?
#
# A trend needs the same kind of documents in every year. This notebook shows the lines, the numbers beneath them, what
# a theme is about ("modernization *of what*"), and how far the answer depends on how one counts.
#
# 何时上升？先看线，再看数字、看“什么的现代化”，最后看计法变了结论变不变。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

from policy_themes.compare import Question, specification_summary, specifications
from policy_themes.report import answers, charts
from policy_themes.study import open_study

pd.options.display.precision = 2
pd.options.display.max_colwidth = 200
study = open_study(FOLDER, STUDY)

# %% [markdown]
# The theme below is the first that the figures show. Put another in its place by name; `study.lexicon.ids` lists them
# all. 主题可自行替换。

# %%
language = study.languages[0]
theme = (study.featured(language) or study.lexicon.ids)[0]
theme

# %% [markdown]
# ## The lines
#
# The **rate** is hits in 10,000 words (or characters). Where most documents that have a theme name it exactly once, a
# rate would only measure how long they are; the **share** of documents that mention it stands there instead. The dotted
# line joins all documents of a year, the solid one only regions that have a document in *every* year. Where there is no
# solid line, the set of regions changes from year to year, and a rise may be a change of region.
# A dashed upright breaks the line where most documents are of another kind or outlet than the year before; pale years have
# few regions; letters above mark congresses, changes of term, plans and plenums: compare like years with like.
# 虚线含当年全部文献；实线仅含每年均有文献的地区。

# %%
trend = charts.trend(study, language=language)
trend

# %%
trend.says

# %% [markdown]
# ## The numbers behind one line
#
# `rate_per_10k` is all hits over all words of the year: long documents weigh more. `rate_fixed_regions` is the mean of
# regional rates, each region with equal weight, over the `n_fixed_regions` regions that run through all years. They
# answer different questions; name the one you print. `mark` tells **absent** (no document, no rate), **zero** (documents,
# no hit) and **too few** (under 300 words or 1,000 characters: the rate is printed, do not lean on it).
# 合计之比与地区均值是两个问题；“无文献”“零”“字数过少”是三回事。

# %%
rates = study.rates(by=["year"]).query("theme == @theme and language == @language")
columns = ["year", "n_docs", "n_docs_with_theme", "n_hits", "n_units", "rate_per_10k", "rate_fixed_regions"]
rates[[*columns, "n_fixed_regions", "mark"]]

# %% [markdown]
# ## How far does it depend on the way of counting?
#
# The headline is exact for these documents (we call this estimand E0): there is no sampling, hence no margin of error.
# What it has is a range over 2 × 2 × 2 = 8 ways of counting: false hits taken out or left in, narrow or wide wording,
# copies and reprints counted once or each time. If two years' ranges overlap, the order of the two years rests on your choice.
# 主数字是精确值，没有抽样误差；八种计法给出范围，范围重叠则先后取决于计法。

# %%
rates[["year", "headline", "low", "rate_per_10k", "high", "share_low", "share_docs", "share_high"]]

# %% [markdown]
# ## Is it a trend?
#
# Beyond the years observed, each *year* is one observation, however many documents it has: regions share what happens in
# a year. `estimate` is the change of the headline measure a year, over all documents (`basis` documents) and over regions
# that can be compared with themselves (`regions`); where the two point in opposite directions, the mix of regions made the
# trend. Without `low` and `high`, `note` says why there is no interval. `detectable` is the change that would have been seen
# four times in five. 年份是观察单位；“全部文献”与“同一地区比较”方向相反时，趋势来自地区构成。

# %%
answers.trend(study, theme=theme, language=language)

# %% [markdown]
# All themes at once: a filled point has an interval, an open one has a reason for none. 各主题的年度变化：

# %%
charts.trends(study, language=language)

# %% [markdown]
# Before and after one year, here the one that halves the documents; put the year of your question in its place. A line is
# coloured where a test of whole years holds. 前后两段对照，年份可自行替换：

# %%
year = answers.middle_year(study, language=language)
charts.slope(study, Question("year", at=year), language=language)

# %% [markdown]
# Does the direction hang on how one counts? The same slope under all 32 combinations: exclusions out or in, narrow or wide
# wording, copies once or each time, all documents or regions held, rate or share. `share_agree` says how many point where the
# headline points. A direction that half of them share is a choice, not a finding. 换一种数法，方向是否改变？

# %%
ways = specifications(study.hits.table, study.corpus.documents, study.lexicon, theme=theme)
specification_summary(ways).query("language == @language")

# %% [markdown]
# ## What was done, what is planned
#
# A work report first reviews and then plans, and a theme may move from the one to the other. Both parts by themselves;
# folders without work reports have neither. 工作报告的“回顾”与“部署”分开计数：

# %%
answers.parts(study, theme=theme, language=language)

# %% [markdown]
# ## Of what?
#
# A total hides a change of subject. Hits by facet and year, facets without a hit left out. One hit may belong to two
# facets and some belong to none, and wide facets (such as `modern_adjective`) lie outside the headline, so columns do not
# add up to the total. A year without documents has no column. 分面计数；一处命中可属两面，各列之和不等于总数。

# %%
facets = study.rates(by=["year"], facets=True).query("theme == @theme and language == @language and facet.notna()")
of_what = facets[facets["n_docs"] > 0].pivot_table(index="facet", columns="year", values="n_hits", aggfunc="sum")
of_what[of_what.sum(axis=1) > 0]

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** in which of *these* years *these* documents name the theme more often, and whether the order survives all
# eight ways of counting.
#
# **May not:** a trend beyond the years observed. For that the unit is the year, and a handful of years is a handful of
# observations, however many documents each has. Compare like with like: a congress year, a change of term or the first
# year of a five-year plan has words of its own. A rise of a new term may be an old one renamed (社会管理 → 社会治理).
#
# **On the five seeds:** one document a year, two in 2023, and the places and institutions change with the years. There
# is no trend to be seen here, only four readings.
#
# 可以说：这些年份的这些文献中孰多孰少。不可以说：观察期以外的趋势。示例每年一两篇，且地区、机构各异，谈不上趋势。

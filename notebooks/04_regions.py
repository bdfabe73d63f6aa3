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
# # 04 · Where, who first, who stopped?
#
# Regions compared on one theme: how much, in which years, when first, and whether it was kept. A province that took up
# a phrase need not keep it, and one without documents has not refused it.
#
# 何地、谁先、谁停？首次提及不等于一直提及，没有文献不等于没有提及。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

from policy_themes.compare import Question
from policy_themes.report import answers, charts
from policy_themes.study import open_study

pd.options.display.precision = 2
pd.options.display.max_colwidth = 200
study = open_study(FOLDER, STUDY)

# %% [markdown]
# The theme below is the first that the figures show. Put another in its place by name. 主题可自行替换。

# %%
language = study.languages[0]
theme = (study.featured(language) or study.lexicon.ids)[0]
theme

# %% [markdown]
# ## Regions in order
#
# n stands beside each region. Small n moves to the top and to the bottom by itself: few words make extreme rates. The
# pale bar is the range over eight ways of counting. 文献越少，频率越容易极端。

# %%
ranking = charts.regions(study, language=language)
ranking

# %% [markdown]
# In words, with the numbers that a sentence about it must carry. 文字表述须带分母：

# %%
ranking.says

# %% [markdown]
# ## The numbers
#
# `rate_per_10k` pools all documents of a region over all years. If one region has only recent documents and another
# only old ones, this table compares years under the name of regions. 若各地区年份不同，此表比较的其实是年份。

# %%
regional = study.rates(by=["region_code"]).query("theme == @theme and language == @language")
columns = ["region_en", "n_docs", "n_docs_with_theme", "n_hits", "n_units", "low", "rate_per_10k", "high", "mark"]
regional.sort_values("rate_per_10k", ascending=False)[columns]

# %% [markdown]
# ## Region by year
#
# Compare along a column: regions within one year. Hatched and empty: no document. A 0: documents, but no hit. A star:
# too few words. 竖着比较同一年份；空格为无文献，0 为有文献而无命中，星号为字数过少。

# %%
charts.grid(study, theme=theme, language=language)

# %% [markdown]
# Of what does each year consist? Where a kind of document, an institution or an outlet stops and another begins, columns
# of the grid compare two kinds of source. 各年文献构成不同，则列与列不可直接相比：

# %%
charts.composition(study, language=language)

# %% [markdown]
# What would one expect of a cell, given its region and the years around it? The smoothed surface takes chance of wording
# out of the grid: `smooth` is what region and neighbouring years lead one to expect, with its interval; `expected` is the
# cell's own rate, drawn towards it. This is wording variation, not political change. 平滑后的年份×地区频率（措辞波动）：

# %%
charts.surface(study, theme=theme, language=language)

# %% [markdown]
# The numbers of the picture; gaps between a region's documents are rows too, marked `gap`. 图中数字：

# %%
answers.surface(study, theme=theme, language=language).head(20)

# %% [markdown]
# ## One region and the rest
#
# By how much each theme differs between one region and all others. A region is ranked among the others (`p` is at least
# one over their number), `q` holds the false discoveries of all these themes, and `refused` says why there is no test.
# 一地与其余地区的差异；检验为与其他地区的安慰剂比较：

# %%
first = next(iter(regional["region_code"]), "")
answers.difference(study, Question("region_code", groups=tuple(filter(None, [first]))), language=language).head(12)

# %% [markdown]
# ## Behind a cell
#
# Every cell is so many documents, and every hit a sentence. `year` and `region` choose the cell; without one of them the
# whole row or column. 任一格背后的文献与原句：

# %%
cell = study.cells.cell(theme, language=language, region=first or None)
cell.documents.merge(study.corpus.documents[["doc_id", "title", "path"]], on="doc_id")

# %% [markdown]
# And their sentences. 及其原句：

# %%
sentences = study.evidence(themes=[theme]).query("counted and doc_id in @cell.documents.doc_id")
sentences[["year", "sentence", "path", "start"]].head(12)

# %% [markdown]
# ## Who first, who stopped?
#
# For each region its first mention, and what came after: `kept` is the share of its later years that have the theme,
# `dropped` and `returned` count the changes, `mark` says how its last year stands. A region
# marked `left` under `censored` had the theme in its first year here, so its true first mention may lie earlier (`gap`: the
# years before are missing); one marked `right` never had it. Years without documents are no years without the theme.
# 首次提及之后：延续、中断、恢复；左删失者实际可能更早，无文献之年不算未提及。

# %%
spread = study.diffusion(theme).query("language == @language")
columns = ["region_en", "first_year", "first_observed", "last_observed", "censored", "n_years", "n_years_with", "kept"]
spread[[*columns, "dropped", "returned", "mark"]]

# %% [markdown]
# In what words each of them said it first. 首次提及的原句：

# %%
spread.loc[spread["first_year"].notna(), ["region_en", "first_year", "first_sentence"]].head(12)

# %% [markdown]
# ## A wave, or a year in which everything is new?
#
# `n_first` counts the regions that name the theme for the first time. `jump` is the rise of the share among the `n_both`
# regions with documents in this year and the year before, so that a year with a handful of reports is no collapse;
# `others` is the largest rise of any other theme in the same year, a placebo. A wave rises above it. `signal` marks the
# first national document and the largest rise. 与其他主题同年最大升幅对照，真正的扩散应高于它。

# %%
wave = study.adoption().query("theme == @theme and language == @language")
wave[["year", "n_regions", "n_with", "n_first", "share", "n_both", "jump", "others", "signal", "mark"]]

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** which of the regions collected name the theme, in which of the years collected, and how often.
#
# **May not:** who invented it or who followed whom. A year in which the centre speaks moves all provinces at once, and
# "first in my folder" is not "first". The difference of one region from the rest rests on one region: no p-value can
# mend that.
#
# **On the five seeds:** each province has one document, and no two of them share both year and institution. The order
# of the regions is the order of five pages.
#
# 可以说：所收地区、年份中谁提及、提及多少。不可以说：谁首创、谁跟随。示例每省一篇，排序只是五个网页的排序。

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

from policy_themes.report import charts
from policy_themes.study import open_study

pd.options.display.precision = 2
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
# ## Who first, who stopped?
#
# For each region: the first and last year with a document and the number of years covered; then the same for years
# with the theme. Where `first_mention` equals `first_document`, the true first mention may lie earlier: the folder
# begins there. Where `last_mention` is earlier than `last_document`, the region was still writing and no longer said it.
# `<NA>` in the last three columns: documents, but never the theme.
# 首次提及若与首篇文献同年，实际可能更早；其后仍有文献而不再提及，才算停止。

# %%
cells = study.rates(by=["year", "region_code"]).query("theme == @theme and language == @language and n_docs > 0")
covered = cells.groupby("region_en")["year"].agg(first_document="min", last_document="max", n_years="nunique")
said = cells[cells["n_hits"] > 0].groupby("region_en")["year"]
mention = covered.join(said.agg(first_mention="min", last_mention="max", n_years_with="nunique"))
mention.sort_values("first_mention")

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

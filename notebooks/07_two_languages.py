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
# # 07 · Does the translation say the same?
#
# A theme found in English is a theme found *by a translator*. Before a line in English stands for a line in Chinese, ask
# three things: which texts are translations, how often both languages of a text have the theme, and whether the two lines
# move together.
#
# 译文说的是同一件事吗？先看哪些是译文，再看同一文本两种语言是否都有该主题，最后看两条线是否同向。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

from policy_themes import compare
from policy_themes.report import charts
from policy_themes.study import open_study

pd.options.display.max_colwidth = None
study = open_study(FOLDER, STUDY)

# %% [markdown]
# ## Which texts are translations?
#
# `original_language` comes from a text's own words or from its pair; `translated_by` from its header. `machine` where
# the page says so, or `overrides` in `study.yml` does. English from a Chinese office with no translator named may be
# machine-made too: quote it with that caution. 原文语言与译者：

# %%
documents = study.corpus.documents
known = documents.assign(paired=documents["translation_of"].notna())
known.groupby(["language", "original_language", "translated_by", "paired"], dropna=False).size().rename(
    "n"
).reset_index()

# %% [markdown]
# ## Does a text have the theme in both languages?
#
# With aligned sentences at hand (jsonl or csv with `zh`, `en` and perhaps `year`), name the file as `aligned` in
# `study.yml`. Without it, documents that have their translation in the folder are compared whole, which is coarser.
#
# `precision`: of the texts with the theme in English, how many have it in Chinese. `recall`: the reverse. Where either is
# below 0.8, no English rate of that theme is a headline: it measures the translator. Without a pair the figure says so. 任一项低于 0.8，英文频率不宜作为主数字；无配对文献则图中注明。

# %%
charts.agreement(study)

# %% [markdown]
# The numbers, with the correlation of the yearly shares. 数值，附各年占比的相关系数：

# %%
agreement = study.language_agreement
agreement[agreement[["n_both", "n_zh_only", "n_en_only"]].sum(axis=1) > 0]

# %% [markdown]
# ## How is each term rendered?
#
# The English beside each Chinese term. A row without English is a leak: the wording that the lexicon lacks, or a
# translator who left the slogan out. 每个中文提法的英文译法；空缺即漏译或词典未收：

# %%
compare.renderings(study.aligned, study.lexicon).head(40)

# %% [markdown]
# In sum: how many English terms stand for a theme, and which share of the Chinese they cover. One main term is a
# translator with a glossary; many are several hands or a machine, and what they wrote beyond the lexicon's phrases is
# lost (`coverage`). 译法越分散，词典越可能漏收：

# %%
compare.synonym_coverage(study.aligned, study.lexicon)

# %% [markdown]
# Where only one language has the theme. Aligned sentences are shown; whole documents would be too long. 漏失之处：

# %%
leaks = compare.language_leaks(study.aligned, study.lexicon)
leaks.head(20) if study.settings.aligned else leaks[["theme", "only", "segment", "term"]].head(20)

# %% [markdown]
# ## Do the lines move together?
#
# Texts that are not aligned can still be compared by movement, within each language. `change` is the later half of the
# common years over the earlier half; a rate in Chinese and a rate in English have no common unit and are never added up.
# 未对齐的文献只比较走势，不比较水平：

# %%
themes = [theme for language in study.languages for theme in study.featured(language)]
compare.language_trends(study.rates(by=["year"]), list(dict.fromkeys(themes)))

# %%
charts.trend(study, language=study.languages[0])

# %% [markdown]
# The other language, where there is one. 另一种语言（若有）：

# %%
charts.trend(study, language=study.languages[-1])

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** of themes with high agreement, that a rise seen in English was a rise in Chinese, for texts like the aligned
# ones.
#
# **May not:** that the built-in English phrases find as much in other translations. They were improved while looking at
# official reports; machine-made English words things otherwise. Levels of the two languages may never be compared.
#
# **On the five seeds:** all five are English and none has its original here. Nothing about their translation can be said.
#
# 可以说：一致性高的主题，英文的走势可代表中文。不可以说：内置英文词语在别的译文中同样有效；两种语言的水平不可比较。五篇种子均为英文，无原文可对照。

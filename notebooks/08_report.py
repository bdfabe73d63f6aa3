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
# # 08 · Into Word
#
# From a figure on the screen to a figure in the report: the picture, its numbers, its caption, the methods paragraph,
# and the way on into your own gensim or scikit-learn code.
#
# 进入 Word：图、数据、图注、方法说明，以及如何接着写自己的 gensim 或 scikit-learn 代码。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from gensim.models import TfidfModel

from policy_themes.report import charts
from policy_themes.report.limits import limits
from policy_themes.report.methods import methods, summary
from policy_themes.report.save import write_charts
from policy_themes.study import open_study

# %% [markdown]
# The folder is opened as in the other notebooks; the theme is the first that the figures show. 打开文件夹，选定主题：

# %%
pd.options.display.max_colwidth = None
study = open_study(FOLDER, STUDY)
language = study.languages[0]
theme = (study.featured(language) or study.lexicon.ids)[0]

# %% [markdown]
# ## The whole report in one command
#
# ```
# policy-themes report FOLDER --out RESULTS --notebooks
# ```
#
# | In the results folder | What it is |
# |---|---|
# | `report.docx`, `report.pdf`, `report.html` | the report, for Word, for print and for the browser · 报告 |
# | `*.png`, `*.svg`, `*.pdf` | each figure, 300 dpi and as vectors · 图 |
# | `*.csv` beside a figure | exactly the numbers drawn · 图中数据 |
# | `*.json` beside a figure | caption, settings, lexicon, versions: where it comes from · 来源 |
# | `tables/` | all tables, for Excel · 全部表格 |
# | `notebooks/` | these notebooks, executed on your folder · 已运行的笔记本 |
#
# New pages in the folder? Run the same command again. Its first sentence will be: 报告首句：

# %%
summary(study)

# %% [markdown]
# ## One figure of your own
#
# Every function of `charts` gives a picture with its words and its numbers. 自选一图：

# %%
own = charts.grid(study, theme=theme, language=language)
own

# %% [markdown]
# What to write below it. 图注：

# %%
own.caption

# %% [markdown]
# What may be written about it. 正文：

# %%
own.says

# %% [markdown]
# The numbers that were drawn, no more and no fewer; here the first columns. 图中数据（部分列）：

# %%
own.values.iloc[:8, :11]

# %% [markdown]
# ## For a journal, or a slide
#
# A figure is drawn for its place: the width to the millimetre, the letters of a size that can be read there, as many
# panels side by side as fit. `report` (160 mm), `report_half` (78), `journal` (174), `journal_column` (85) and `slide`
# (254); `preset` in study.yml sets it for the whole report. 按版面出图：报告全幅、半幅，期刊双栏、单栏，幻灯片：

# %%
charts.grid(study.with_preset("journal_column"), theme=theme, language=language)

# %% [markdown]
# ## Save it
#
# Picture in three formats, csv and json beside it, all or none of them. Here they go into a temporary folder, so that a
# test run leaves nothing behind: give a folder of your own to keep them. In Word: *Insert → Pictures*, and take the
# png. 此处写入临时文件夹；要保留，请改为自己的文件夹名。

# %%
with TemporaryDirectory() as place:
    files = [path.name for path in write_charts([own], Path(place) / "my-figures", study, command="08_report.ipynb")]
files

# %% [markdown]
# ## The methods paragraph
#
# Written from the settings and the counts of this folder. Paste it, then shorten it. 方法说明，可直接引用：

# %%
pd.DataFrame(methods(study))

# %% [markdown]
# ## What cannot be concluded
#
# Counted in these documents: what a reviewer would ask first. 局限，按所收文献写成：

# %%
pd.DataFrame(limits(study))

# %% [markdown]
# ## On into gensim
#
# The words without stop words, one list a passage, in the form that gensim's models take. 接着用 gensim：

# %%
bags, id2word = study.words.of_language(language).to_gensim()
len(bags), len(id2word)

# %% [markdown]
# From here on it is your own code. As an example, the heaviest words of the first passage by gensim's TF-IDF. 例：

# %%
weights = pd.DataFrame(TfidfModel(bags)[bags[0]], columns=["word", "weight"])
weights.replace({"word": id2word}).sort_values("weight", ascending=False).head(8)

# %% [markdown]
# ## On into scikit-learn
#
# Documents × terms as a sparse matrix; `doc_ids` and `terms` name its rows and columns. Names of places and outlets are
# left out. `min_docs=1` keeps words of a single document. 文献—词语矩阵，可直接用于 scikit-learn：

# %%
matrix = study.doc_term(language, min_docs=1)
matrix.counts

# %% [markdown]
# Column sums are the most frequent terms. Any estimator of scikit-learn takes `matrix.counts` as it is. 例：

# %%
pd.Series(matrix.counts.sum(axis=0), index=matrix.terms, name="n").sort_values(ascending=False).head(10)

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** every number in the report can be traced to a csv, the csv to its settings, a hit to its sentence.
#
# **May not:** print a figure without its caption. The caption says how many documents, which unit, and that the bars
# are a range over ways of counting and not a margin of error.
#
# **On the five seeds:** a report on them shows the form of a report. Say "in these five documents" in every sentence.
#
# 可以说：报告中的每个数字都能查到数据、设置与原句。不可以：略去图注。用示例文献写作时，每句都应限定为“这五篇文献中”。

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
# # 00 · Does it work on my folder?
#
# Three figures in five minutes: what you collected, when a theme is spoken of, and where.
# Name your folder in the cell below, then choose *Run → Run All Cells*. Any folder of saved pages, text or Word files
# will do, in Chinese, in English, or both. Nothing in the folder is changed and nothing leaves your computer.
#
# 这套工具能读我的文件夹吗？改一行路径，全部运行，五分钟得到三张图。

# %% [markdown]
# Your folder, and a `study.yml` with your own settings if you have one (`policy-themes init FOLDER` writes it).
# The same cell opens every notebook of this series. 填写文件夹路径；没有设置文件时保留 `None`。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
from policy_themes.report import charts
from policy_themes.report.methods import summary
from policy_themes.study import open_study

study = open_study(FOLDER, STUDY)

# %% [markdown]
# ## What is in it?
#
# One sentence with the numbers that everything else depends on. Read it before you look at a figure: documents without
# a year stand in no year, documents without a region in no region. 先看这一句：文献数、字数、年份、地区。

# %%
summary(study)

# %% [markdown]
# The most frequent language comes first. Chinese is counted per 10,000 characters, English per 10,000 words. The two
# have no common unit, so they are never added up. `featured` are the themes that the figures show: those named in
# `study.yml`, otherwise the most frequent. 中英文计量单位不同，从不合并。

# %%
language = study.languages[0]
study.featured(language)

# %% [markdown]
# ## 1. What did I collect? 收集到什么
#
# A number is a count of documents. A hatched cell has no document: nothing is known there, which is not the same as
# zero. A row or column *unknown* holds the documents whose region or year could not be read.

# %%
charts.coverage(study)

# %% [markdown]
# ## 2. When? 何时
#
# A dot is a value, an open dot a true zero (documents, but no hit), a cross has too few words for a rate. The thick
# pale bar is the range over eight ways of counting; it is not a margin of error. Below each year stands n, the number
# of documents. A year of one document is that document.

# %%
trend = charts.trend(study, language=language)
trend

# %% [markdown]
# Each figure brings a sentence with its numbers, in both languages, ready to paste. 每张图都附可直接引用的文字：

# %%
trend.says

# %% [markdown]
# ## 3. Where? 何地
#
# The same measure, by region. The order is the order of these documents; with one or two documents a region it is not
# a ranking of provinces.

# %%
charts.regions(study, language=language)

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** how often these documents name a theme, in which year and in which region. The counts are exact, and each of
# them can be traced to its sentence (`05_difference`).
#
# **May not:** anything about documents that are not in the folder. A figure that says *cannot be said* is a result too.
#
# **On the five seeds:** five documents, all in English that reads like machine translation. Any two of them differ in at
# least two of year, region and institution, so no difference can be ascribed to any one of the three.
#
# 可以说：所收文献中主题出现的次数及其年份、地区。不可以说：未收文献的情形。
# 五篇示例疑为机器翻译，任两篇在年份、地区、机构中至少两项不同：只示范方法，不支持任何趋势或地区差异的结论。

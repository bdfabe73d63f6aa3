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
# # 10 · Appendix: themes and structure inside the topic model
#
# Two models that know more than words. *Seeded* topics begin with the words of the themes (keyATM), so that a topic is
# about what it is meant to be about. The *structural* model (STM) lets topics be more or less frequent, and worded
# differently, by region and year. Both take whole documents here, because region and year are known of documents.
# They need the package topica (`pip install "policy-themes[structural]"`); without it each table says so.
#
# 附录：带主题词的话题（keyATM）与结构话题模型（STM）。单位为整篇文献；需安装 topica。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

from policy_themes.compare import TopicQuestion
from policy_themes.report import answers
from policy_themes.study import open_study

pd.options.display.max_colwidth = 160
study = open_study(FOLDER, STUDY)
language = study.languages[0]
theme = (study.featured(language) or study.lexicon.ids)[0]
seeded = study.with_topics(engine="seeded", unit="document")

# %% [markdown]
# ## Keywords before any fit
#
# A keyword that hardly occurs cannot lead a topic; one that two themes share pulls both. `mark` names them, so that the
# choice is made before the result is seen. 拟合之前先看关键词是否够用：

# %%
answers.keywords(seeded, language=language)

# %% [markdown]
# ## Topics that begin with themes
#
# Each theme has a topic that starts from its words and learns others; free topics take the rest. Words that are not
# keywords are what the model adds to the lexicon. 带主题词的话题及其新词：

# %%
answers.topic_terms(seeded, language=language)

# %% [markdown]
# Their share of the text by year, with intervals of the proportions: they are sizes only where other fits find the topic
# (`mark`). 各年占比：

# %%
answers.prevalence(seeded, by="year", language=language)

# %% [markdown]
# How much hangs on one keyword is a fit for each: `policy-themes topics FOLDER --engine seeded --drop-one THEME --out OUT`.
#
# ## Region and time in the model
#
# The formula says what topics may be more or less frequent by; numbers may bend (`s(year)`). The model begins from
# anchor words, so it needs no seed. 结构模型：话题频率随地区、年份而变。

# %%
structural = study.with_topics(engine="structural", unit="document", prevalence="~ region + s(year)")
answers.topic_terms(structural, language=language)

# %% [markdown]
# Would half of the documents have given the same topics? 一半文献能否得出相同话题？

# %%
answers.stability(structural, language=language)

# %% [markdown]
# ## The theme as a sum of topics
#
# Effects on the share of all topics in which the theme stands. Regions are compared among documents of the same time;
# errors are those of years, never of regions. 主题作为话题之和的影响：

# %%
asked = TopicQuestion(f"theme-topics:{theme}", "~ region + s(year)")
answers.topic_effects(structural, asked, language=language)

# %% [markdown]
# ## The same topic in other words
#
# A content column lets two regions word one topic differently. The rows are the words that differ most, weighted by how
# often they occur. It is what the model sees, not a test: look for the sentences in notebook 05. 同一话题，两地用词：

# %%
worded = study.with_topics(engine="structural", unit="document", content="region")
answers.wording(worded, language=language)

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** that a theme's words keep company with others, and which way a steady topic leans over regions and years.
#
# **May not:** sizes that other fits do not confirm; causes; that a keyword topic *is* the theme. The count of the theme
# itself needs no model: where both speak, trust the rate.
#
# **On the five seeds:** a topic model of five whole documents is refused, and every table says so. The chapter is for
# your own folder. 五篇示例不足以拟合，表中写明原因；本章用于您自己的文件夹。

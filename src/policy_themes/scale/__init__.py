"""The same counting on a cluster: rows of parquet and jsonl read, cut, counted and fitted by Apache Spark.

Spark hands out tasks and adds up; what is done in a task is what one machine
does, by the same functions, on a part of the corpus. It is imported nowhere
else.
"""

from policy_themes.scale.engine import MASTER, Engine, engine
from policy_themes.scale.ingest import Ingest, ingest
from policy_themes.scale.rates import rates
from policy_themes.scale.setup import Setup
from policy_themes.scale.topics import topic_tables
from policy_themes.scale.words import vocabulary

__all__ = ["MASTER", "Engine", "Ingest", "Setup", "engine", "ingest", "rates", "topic_tables", "vocabulary"]

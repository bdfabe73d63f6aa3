"""Many documents, counted part by part: by the processes of this machine, or by Apache Spark on a cluster.

An engine hands out tasks and adds up; what is done in a task is what is done
to a corpus in memory, by the same functions, on a part of it. Spark is imported
nowhere else.
"""

from policy_themes.scale.engine import Engine
from policy_themes.scale.here import Here
from policy_themes.scale.ingest import Ingest, ingest
from policy_themes.scale.parts import Parts
from policy_themes.scale.quoted import quotations
from policy_themes.scale.rates import rates
from policy_themes.scale.setup import Setup
from policy_themes.scale.spark import MASTER, Spark, spark
from policy_themes.scale.topics import topic_tables
from policy_themes.scale.words import Vocabulary, vocabulary

__all__ = [
    "MASTER", "Engine", "Here", "Ingest", "Parts", "Setup", "Spark", "Vocabulary", "ingest", "quotations", "rates", "spark",
    "topic_tables", "vocabulary",
]  # fmt: skip

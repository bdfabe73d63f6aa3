"""One module an engine: counts in, topics and proportions out."""

"""Whether the counting is right: the lexicon in a folder, two languages, and what people say."""

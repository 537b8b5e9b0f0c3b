"""Let a language model say points again in other words, each sentence checked against the post that it cites."""

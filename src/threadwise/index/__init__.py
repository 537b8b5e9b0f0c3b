"""What is derived from the corpus and can be rebuilt: passages, vectors, words."""

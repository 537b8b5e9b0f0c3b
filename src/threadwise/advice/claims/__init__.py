"""Compare a claim with the text it cites: words, numbers, negation, speaker, modality, direction, conditions."""

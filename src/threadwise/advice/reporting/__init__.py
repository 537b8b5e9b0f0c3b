"""Read what people say became of advice: cues, the clauses they stand in, and the advice they are about."""

"""When to be silent: whether the threads found answer a question, what they leave open, and what could be posted."""

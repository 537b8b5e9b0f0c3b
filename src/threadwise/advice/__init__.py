"""From evidence to a suggestion in which every sentence can be checked."""

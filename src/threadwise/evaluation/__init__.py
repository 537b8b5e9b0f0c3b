"""Measuring retrieval and answers on judged sets."""

"""Threadwise: suggestions from forum threads, every sentence with its source."""

__version__ = "0.1.0"

"""The truth: what people wrote, and the formats it comes in."""

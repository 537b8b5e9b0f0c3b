"""The web app: what it shows, what it does, and what it keeps out."""

"""The web app: the only place that knows Gradio."""

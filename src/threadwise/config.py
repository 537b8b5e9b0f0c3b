"""Settings, read once and passed down; nothing else looks at the environment."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_dir
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from threadwise.errors import SettingsError

LONGEST_QUESTION = 40_000
"""Characters that a question may have at most; the safety rules read every one of them."""

_CHECKOUT = Path(__file__).resolve().parents[2]


def default_home() -> Path:
    """The checkout's own folder when run from one, else the user's data folder."""
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "corpus" / "demo").is_dir():
        return _CHECKOUT
    return Path(user_data_dir("threadwise", appauthor=False))


def demo_folder() -> Path:
    """Where the demo corpus lies: in the checkout, or inside the installed package."""
    checkout = _CHECKOUT / "corpus" / "demo"
    return checkout if checkout.is_dir() else Path(__file__).resolve().parent / "demo"


class Settings(BaseSettings):
    """Everything that can be set. Each field is also an environment variable, `THREADWISE_` and its name."""

    model_config = SettingsConfigDict(env_prefix="THREADWISE_", frozen=True, extra="ignore")

    home: Path = Field(default_factory=default_home, description="Folder with corpus/, index/ and cache/.")
    cache: Path | None = Field(None, description="Folder of cached vectors and the exported encoder; none: HOME/cache.")
    database: str = Field("", description="SQLAlchemy URL of the corpus; empty: SQLite at HOME/corpus/threadwise.db.")
    model: str = Field("all-MiniLM-L6-v2", description="Encoder: the packaged one, a local folder or a hub name.")
    backend: str = Field(
        "auto",
        pattern="^(auto|torch|onnx)$",
        description="How the encoder runs; auto takes ONNX where it is equal.",
    )
    generator: str = Field(
        "extract",
        pattern="^(extract|transformers:.+|openai:.+)$",
        description="Who writes: `extract` (quotes alone), `transformers:MODEL` or `openai:BASE-URL#MODEL`.",
    )
    generator_key: SecretStr = Field(SecretStr(""), description="Key of that server, if it wants one.")
    generator_connect_timeout: float = Field(5.0, gt=0, description="Seconds to reach that server.")
    generator_first_timeout: float = Field(20.0, gt=0, description="Seconds to wait for the model's first word.")
    generator_timeout: float = Field(60.0, gt=0, description="Seconds for all that the model writes.")
    host: str = Field("127.0.0.1", description="Address the web app listens on.")
    port: int = Field(7860, ge=1, le=65535, description="Port the web app listens on.")
    exact_limit: int = Field(
        200_000, ge=0, description="Most questions or replies compared one by one; more lie in lists."
    )
    max_question: int = Field(
        20_000, ge=100, le=LONGEST_QUESTION, description="Longest question in characters, 40000 at most."
    )
    max_post: int = Field(2_000_000, ge=1000, description="Longest post in characters.")
    max_file_mb: int = Field(100, ge=1, description="Largest thread or file read at once, in MB.")
    import_max_ratio: float = Field(250.0, gt=1, description="Most bytes that one packed byte may unpack to.")
    import_max_files: int = Field(200_000, ge=1, description="Most files in one import, members of archives included.")
    import_max_total_mb: int = Field(500_000, ge=1, description="Most that one import may unpack in all, in MB.")
    import_max_file_mb: int = Field(200_000, ge=1, description="Most that one packed file may unpack to, in MB.")
    import_max_depth: int = Field(3, ge=0, description="How deep archives may lie in one another.")
    lock_timeout: float = Field(30.0, ge=0, description="Seconds to wait for another writer.")
    safety_rules: Path | None = Field(None, description="YAML file that changes or adds to the safety rules.")

    @property
    def corpus_folder(self) -> Path:
        """The truth."""
        return self.home / "corpus"

    @property
    def index_folder(self) -> Path:
        """What can be rebuilt."""
        return self.home / "index"

    @property
    def cache_folder(self) -> Path:
        """Vectors by (model, content hash), and the exported encoder; expensive to make, safe to delete."""
        return self.cache or self.home / "cache"


def load_settings(**overrides: object) -> Settings:
    """Read the environment, then what was given.

    Raises:
        SettingsError: A value is wrong; the message names the variable.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise SettingsError(f"THREADWISE_{name.upper()}: {first['msg']}. See the table in README.md.") from error

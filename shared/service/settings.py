"""Settings that every process has, read once from the environment; nothing else in Concord reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SANDBOX_SECRET = "sandbox-secret-not-for-production"  # noqa: S105 - refused outside the sandbox, below


class ServiceSettings(BaseSettings):
    """`ENVIRONMENT=production` refuses to start with a sandbox secret, a sandbox clock or armed fault points."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    environment: Literal["sandbox", "production"] = "sandbox"
    database_url: str = "postgresql://postgres@127.0.0.1:25532/concord"
    kafka_bootstrap_servers: str = "127.0.0.1:29592"
    topic_prefix: str = Field(
        default="", pattern=r"^([a-z0-9-]{1,32}\.)?$", description="environments sharing one cluster"
    )
    otel_exporter_otlp_endpoint: str | None = None
    zipkin_endpoint: str | None = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65_535, description="0: any free port")
    database_pool_size: int = Field(default=6, ge=1, le=100)
    sandbox_clock_file: Path | None = None
    fault_points: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    service_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    """Signs calls between services."""

    @model_validator(mode="after")
    def _no_sandbox_in_production(self) -> ServiceSettings:
        if self.environment != "production":
            return self
        wrong = [
            name
            for name in type(self).model_fields
            if isinstance(value := getattr(self, name), SecretStr) and value.get_secret_value() == SANDBOX_SECRET
        ]
        wrong += [name for name in ("sandbox_clock_file", "fault_points") if getattr(self, name)]
        if wrong:
            raise ValueError(f"not for production: {', '.join(wrong)}")
        return self

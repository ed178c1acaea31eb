"""A throw-away Valkey."""

from config.launcher.valkey import valkey_answers, valkey_command, valkey_url
from tests.servers.server import Server


class Valkey(Server):
    """A Valkey server (speaks Redis) that keeps nothing."""

    name = "valkey"

    @property
    def url(self) -> str:
        return valkey_url(self.folder, self.port or 0)

    def command(self) -> list[str]:
        return valkey_command(self.folder, self.port or 0, keep=False)

    def ready(self) -> bool:
        return valkey_answers(self.folder, self.port or 0)

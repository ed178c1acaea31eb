"""Which model judges: Claude, or one's own behind a server that speaks the Messages API."""

from __future__ import annotations

from django.conf import settings

FAMILIES = ("opus", "sonnet", "haiku")
CLAUDE = "Claude"


def is_claude(model: str) -> bool:
    return "claude" in model.casefold()


def is_own_model() -> bool:
    """Whether the settings name a model of one's own (Ollama, vLLM, a gateway): it needs no key
    and its calls cost nothing. `ANTHROPIC_BASE_URL` alone leads to Claude through a proxy."""
    return bool(settings.ANTHROPIC_BASE_URL) and not is_claude(settings.ANTHROPIC_MODEL)


def judge_name() -> str:
    """The model that would be asked now, for people: "Claude", or the name that its server has."""
    return settings.ANTHROPIC_MODEL if is_own_model() else CLAUDE


def model_words(model: str) -> str:
    """ "Claude · sonnet", or the name of a model that is not Claude; "" for none."""
    if not is_claude(model):
        return model
    family = next((family for family in FAMILIES if family in model), "")
    return f"{CLAUDE} · {family}" if family else CLAUDE

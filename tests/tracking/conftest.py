import pytest


@pytest.fixture
def skill(owner):
    from tests.tracking.factories import SkillFactory  # models: not before Django is set up

    return SkillFactory(user=owner)


@pytest.fixture
def pages(client, owner):
    """The pages as their owner sees them."""
    client.force_login(owner)
    return client

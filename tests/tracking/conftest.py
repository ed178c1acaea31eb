import pytest


@pytest.fixture
def skill(owner):
    """With a name that pages have to escape."""
    from tests.tracking.factories import SkillFactory  # models: not before Django is set up

    return SkillFactory(user=owner, name="React <b>")


@pytest.fixture
def pages(client, owner):
    """The pages as their owner sees them."""
    client.force_login(owner)
    return client

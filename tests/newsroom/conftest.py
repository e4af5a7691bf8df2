"""A newsroom with two sections, and its people."""

import pytest

from tests import factories
from tests.newsroom import people


@pytest.fixture
def sport(home):
    return factories.make_section(home, "Sport")


@pytest.fixture
def reporter(section):
    return people.make_person("reporter", ("reporter", section))


@pytest.fixture
def colleague(section):
    return people.make_person("colleague", ("reporter", section))


@pytest.fixture
def section_editor(section):
    return people.make_person("editor", ("section_editor", section))


@pytest.fixture
def chief(home):
    return people.make_person("chief", ("chief_editor", home))


@pytest.fixture
def translator(home):
    return people.make_person("translator", ("translator", home))


@pytest.fixture
def outsider(sport):
    return people.make_person("outsider", ("reporter", sport))


@pytest.fixture
def administrator(home):
    return people.make_administrator()

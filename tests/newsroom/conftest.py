"""A newsroom with two sections, and its people."""

import pytest

from tests import arrangements, factories
from tests.newsroom import people


@pytest.fixture
@arrangements.once
def sport(home):
    return factories.make_section(home, "Sport")


@pytest.fixture
@arrangements.once
def reporter(section):
    return people.make_person("reporter", ("reporter", section))


@pytest.fixture
@arrangements.once
def colleague(section):
    return people.make_person("colleague", ("reporter", section))


@pytest.fixture
@arrangements.once
def section_editor(section):
    return people.make_person("editor", ("section_editor", section))


@pytest.fixture
@arrangements.once
def chief(home):
    return people.make_person("chief", ("chief_editor", home))


@pytest.fixture
@arrangements.once
def translator(home):
    return people.make_person("translator", ("translator", home))


@pytest.fixture
@arrangements.once
def outsider(sport):
    return people.make_person("outsider", ("reporter", sport))


@pytest.fixture
@arrangements.once
def administrator(home):
    return people.make_administrator()

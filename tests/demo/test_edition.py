"""The demo edition's files are complete: languages, pictures, blocks, links between stories."""

import pytest

from broadsheet.articles.blocks import BodyBlock
from broadsheet.demo import reading

KINDS = set(BodyBlock().child_blocks)


def test_there_are_enough_stories_in_every_language():
    versions = [language for story in reading.stories() for language in story.texts]
    assert len(versions) >= 40
    assert all(versions.count(language) >= 12 for language in reading.LANGUAGES)


def test_every_section_has_stories():
    assert {story.facts["section"] for story in reading.stories()} == set(reading.edition()["sections"])


@pytest.mark.parametrize("story", reading.stories(), ids=lambda story: story.key)
def test_story_is_complete(story):
    edition, keys = reading.edition(), {other.key for other in reading.stories()}
    assert story.facts["picture"] in reading.pictures()
    assert set(story.facts["authors"]) <= set(edition["authors"])
    assert set(story.facts["topics"]) <= set(edition["topics"])
    shapes = {language: [block["type"] for block in text["body"]] for language, text in story.texts.items()}
    assert len({tuple(shape) for shape in shapes.values()}) == 1 and set(shapes["en"]) <= KINDS
    for text in story.texts.values():
        assert text["headline"].strip() and text["lead"].strip() and text["picture_alt"].strip()
        for block in text["body"]:
            assert set(block.get("stories", [])) <= keys
            shown = [block] if block["type"] == "image" else block.get("pictures", [])
            assert all(one["picture"] in reading.pictures() and one["alt"] for one in shown)


def test_edition_has_what_the_issue_asks_of_it():
    used = {block["type"] for story in reading.stories() for block in story.texts["en"]["body"]}
    assert {"correction", "embed", "table", "gallery", "fact_box", "pull_quote", "attribution", "related"} <= used
    uav = next(story for story in reading.stories() if story.key == "uav-production")
    assert set(uav.texts) == {"en", "az", "ru", "hy"} and uav.facts["published_at"] == "2023-06-26T15:14:00+04:00"
    for text in uav.texts.values():
        assert any(block.get("url") == "https://caliber.az/" for block in text["body"])

"""The demo edition's files are complete: languages, pictures, blocks, links between stories."""

import pytest

from broadsheet.articles.blocks import BodyBlock
from broadsheet.demo import reading

SHARED = {path.name for path in (reading.FOLDER / "ntrex-128").iterdir() if path.is_dir()}
MICROSOFT = ("Microsoft", "مایکروسافت", "مايكروسوفت")
KINDS = set(BodyBlock().child_blocks)


def test_there_are_enough_stories_in_every_language():
    versions = [language for story in reading.stories() for language in story.texts]
    assert len(versions) >= 40
    assert all(versions.count(language) >= 12 for language in reading.WHOLE)
    assert all(versions.count(language) >= 10 for language in reading.SMALLER)


def test_every_section_has_stories():
    assert {story.facts["section"] for story in reading.stories()} == set(reading.edition()["sections"])


@pytest.mark.parametrize("story", reading.stories(), ids=lambda story: story.key)
def test_story_is_complete(story):
    edition, keys = reading.edition(), {other.key for other in reading.stories()}
    assert story.facts["picture"] in reading.pictures() or (story.key in SHARED and not story.facts["picture"])
    assert set(story.facts["authors"]) <= set(edition["authors"])
    assert set(story.facts["topics"]) <= set(edition["topics"])
    shapes = {language: [block["type"] for block in text["body"]] for language, text in story.texts.items()}
    assert len({tuple(shape) for shape in shapes.values()}) == 1 and set(shapes["en"]) <= KINDS
    for text in story.texts.values():
        assert text["headline"].strip() and text["lead"].strip()
        assert bool(text["picture_alt"].strip()) == bool(story.facts["picture"])
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


def test_shared_newspaper_texts_stand_in_every_language_with_their_credit():
    shared = [story for story in reading.stories() if story.key in SHARED]
    assert len(shared) >= 10
    for story in shared:
        assert set(story.texts) == set(reading.LANGUAGES)
        for text in story.texts.values():
            source, *_, credit = text["body"]
            assert source["type"] == "attribution" and source["outlet"]
            assert credit["type"] == "fact_box" and any(name in credit["html"] for name in MICROSOFT)
            assert "https://github.com/MicrosoftTranslator/NTREX" in credit["html"]
            assert (
                "https://creativecommons.org/licenses/by-sa/4.0/" in credit["html"] and "CC BY-SA 4.0" in credit["html"]
            )
    notice = (reading.FOLDER / "ntrex-128" / "README.md").read_text(encoding="utf-8")
    assert "CC BY-SA 4.0" in notice and all(f"`{key}`" in notice for key in SHARED)


@pytest.mark.parametrize("language", reading.SMALLER)
def test_smaller_edition_is_whole_in_itself(language):
    """Every section that it has is filled, every topic it needs is named, and its front has a lead and a second row."""
    edition = reading.edition()
    stories = [story for story in reading.stories() if language in story.texts]
    filled = {story.facts["section"] for story in stories}
    assert {key for key, texts in edition["sections"].items() if language in texts} == filled
    assert all(language in edition["topics"][topic] for story in stories for topic in story.facts["topics"])
    assert all(language in texts for texts in edition["pages"].values()) and language in edition["settings"]
    on_front = [story.slots(language)[0] for story in stories]
    assert on_front.count("lead") == 1 and on_front.count("secondary") == 3
    leads = {story.facts["section"] for story in stories if story.slots(language)[1] == "lead"}
    assert leads == filled

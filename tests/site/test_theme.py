"""Light, night, as the system: chosen before the first paint, remembered, told by its control."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .browser import Reader, Visitors
from .words import LANGUAGES, said

NIGHT_AT_MOST = 60
LIGHT_AT_LEAST = 200

# Notes the theme at the moment at which the body begins: later than that a reader could see the other one.
_NOTE = """
new MutationObserver((changes, observer) => {
  if (!document.body) return;
  window.themeAtBody = document.documentElement.dataset.theme ?? 'system';
  window.sizeAtBody = document.documentElement.dataset.text ?? '1';
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


def lightness(page: Page) -> int:
    """How light the paper is, 0 to 255."""
    return int(
        page.evaluate(
            """() => {
              const canvas = document.createElement('canvas').getContext('2d');
              canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
              canvas.fillRect(0, 0, 1, 1);
              const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
              return Math.round((red + green + blue) / 3);
            }"""
        )
    )


def choose(reader: Reader, language: str, text: str) -> None:
    """Press the theme's button of that name."""
    menu = reader.page.get_by_role("button", name=said(language, "Menu"), exact=True)
    if menu.is_visible():
        menu.click()
    reader.page.get_by_role("button", name=said(language, text), exact=True).click()


@pytest.mark.parametrize("device", ["desktop", "phone"])
@pytest.mark.parametrize(("scheme", "expected"), [("light", "light"), ("dark", "night")])
def test_system_decides_until_the_reader_does(
    visitors: Visitors, paths, device: str, scheme: str, expected: str
) -> None:
    with visitors.reader(device, scheme=scheme) as reader:
        page = reader.open(paths["en"]["front"])
        is_night = lightness(page) < NIGHT_AT_MOST
        assert is_night == (expected == "night")
        assert is_night or lightness(page) > LIGHT_AT_LEAST


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("scheme", "choice"), [("light", "Night"), ("dark", "Light")])
def test_choice_wins_over_the_system_and_is_remembered(
    visitors: Visitors, paths, language: str, scheme: str, choice: str
) -> None:
    with visitors.reader(scheme=scheme) as reader:
        reader.context.add_init_script(_NOTE)
        page = reader.open(paths[language]["front"])
        choose(reader, language, choice)
        for path in (paths[language]["front"], paths[language]["article"], paths[language]["print"]):
            reader.open(path)
            assert (lightness(page) < NIGHT_AT_MOST) == (choice == "Night")
            assert page.evaluate("window.themeAtBody") == choice.lower()


def test_no_flash_of_the_wrong_theme(visitors: Visitors, paths) -> None:
    """The very first picture that Chromium paints of a page is already dark."""
    with visitors.reader(scheme="light") as reader:
        page = reader.open(paths["en"]["front"])
        choose(reader, "en", "Night")
        reader.context.add_init_script(
            """
            window.papers = [];
            const look = () => {
              if (document.body) window.papers.push(getComputedStyle(document.body).backgroundColor);
              if (document.readyState !== 'complete') requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
            """
        )
        reader.open(paths["en"]["article"])
        papers = page.evaluate("window.papers")
        assert papers, "nothing was painted"
        assert len(set(papers)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_control_says_its_state(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths[language]["article"])
        names = {text: said(language, text) for text in ("Light", "Night", "As the system")}
        assert len(set(names.values())) == 3
        for chosen in ("Night", "Light", "As the system"):
            choose(reader, language, chosen)
            for text, name in names.items():
                button = page.get_by_role("button", name=name, exact=True)
                expect(button).to_have_attribute("aria-pressed", "true" if text == chosen else "false")
        page.reload()
        expect(page.get_by_role("button", name=names["As the system"], exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )


def test_back_to_the_system_follows_the_system_again(visitors: Visitors, paths) -> None:
    with visitors.reader(scheme="light") as reader:
        page = reader.open(paths["en"]["front"])
        choose(reader, "en", "Night")
        choose(reader, "en", "As the system")
        assert lightness(page) > LIGHT_AT_LEAST
        page.emulate_media(color_scheme="dark")
        assert lightness(page) < NIGHT_AT_MOST


def test_browser_is_told_the_colour_of_the_paper(visitors: Visitors, paths) -> None:
    with visitors.reader(scheme="light") as reader:
        page = reader.open(paths["en"]["front"])
        choose(reader, "en", "Night")
        colours = page.locator("meta[name=theme-color]").evaluate_all("all => all.map((one) => one.content)")
        assert len(set(colours)) == 1
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_pictures_are_dimmed_at_night(visitors: Visitors, paths) -> None:
    with visitors.reader(scheme="light") as reader:
        page = reader.open(paths["en"]["article"])
        picture = page.locator("main figure img").first
        assert picture.evaluate("e => getComputedStyle(e).filter") == "none"
        choose(reader, "en", "Night")
        assert "brightness" in picture.evaluate("e => getComputedStyle(e).filter")


def test_blocked_storage_breaks_nothing(visitors: Visitors, paths) -> None:
    with visitors.reader() as reader:
        reader.context.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } });"
        )
        page = reader.open(paths["en"]["article"])
        choose(reader, "en", "Night")
        assert lightness(page) < NIGHT_AT_MOST
        assert not reader.errors

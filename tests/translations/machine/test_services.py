"""One contract for every service: what is sent, what is taken, and what becomes of every way to fail."""

from __future__ import annotations

import json
import re
import socket
import time
from dataclasses import replace

import pytest

from broadsheet import config
from broadsheet.translations.errors import (
    AnswerUnusable,
    CodesBroken,
    KeyRefused,
    LanguageNotOffered,
    MachineTextRefused,
    MachineTranslationError,
    QuotaUsedUp,
    RequestRefused,
    ServiceFailed,
    ServiceMisconfigured,
    ServiceTooSlow,
    ServiceUnreachable,
    TooManyRequests,
)
from broadsheet.translations.machine import MachineTranslator, calls, configured, draft
from broadsheet.translations.machine.deepl import DeepL
from broadsheet.translations.machine.google import Google
from broadsheet.translations.machine.libretranslate import LibreTranslate
from broadsheet.translations.units import INITIAL, MACHINE, TRANSLATED, TranslationJob, Unit
from tests.translations.machine import stubs

pytestmark = pytest.mark.enable_socket

PARAGRAPH = (
    '<p data-block-key="k">Tom &amp; <a linktype="page" id="7">the <b>harbour</b></a>&nbsp;<br/>'
    '<span lang="ru">закрыто</span> 2 &lt; 3 &quot;x&quot;</p>'
)


@pytest.fixture(params=["deepl", "google", "libretranslate"])
def stub(request):
    with stubs.running(request.param) as found:
        yield found


def service(stub: stubs.Stub, patience_s: float = 5, key: str = stubs.KEY, origin: str = "") -> MachineTranslator:
    kinds = {"deepl": DeepL, "google": Google, "libretranslate": LibreTranslate}
    return kinds[stub.kind](key=key, patience_s=patience_s, origin=origin or stub.origin)


def job(*units: Unit) -> TranslationJob:
    found = units or (
        Unit("headline", "Harbour shut & quiet", False),
        Unit("body.1.text", PARAGRAPH, True),
        Unit("lead", "By a person", False, "İnsan yazıb", TRANSLATED),
        Unit("empty", " ", False),
    )
    return TranslationJob("s", "en", "az", "r", found)


def told(found: TranslationJob) -> list[tuple[type, str]]:
    return [(type(problem), problem.key) for problem in found.problems]


def test_everything_that_nobody_has_translated_is_drafted(stub):
    found = draft(job(), service(stub))
    assert found.problems == ()
    headline, text, lead, empty = found.units
    assert (headline.target, headline.state) == ("[az] Harbour shut & quiet", MACHINE)
    assert text.state == MACHINE and text.target == (
        '<p data-block-key="k">[az] Tom &amp; <a linktype="page" id="7">[az] the <b>[az] harbour</b></a>'
        '[az] \xa0<br/><span lang="ru">[az] закрыто</span>[az]  2 &lt; 3 &quot;x&quot;</p>'
    )
    assert (lead, empty) == job().units[2:]


def test_nothing_is_asked_where_nothing_is_wanted(stub):
    done = Unit("lead", "x", False, "y", TRANSLATED)
    assert draft(job(done), service(stub)) == job(done) and stub.requests == []


def test_attributes_stay_in_the_house_and_foreign_fragments_are_marked(stub):
    draft(job(), service(stub))
    sent = json.dumps([content for _, _, content in stub.requests], ensure_ascii=False)
    assert "linktype" not in sent and "data-block-key" not in sent
    assert 'translate=\\"no\\" class=\\"notranslate\\">закрыто' in sent
    assert "By a person" not in sent


def test_plain_text_and_html_are_asked_for_apart(stub):
    draft(job(), service(stub))
    contents = [content for _, _, content in stub.requests]
    assert len(contents) == 2
    if stub.kind == "deepl":
        assert [content.get("tag_handling") for content in contents] == [None, "html"]
    else:
        assert [content["format"] for content in contents] == ["text", "html"]


def test_long_stories_are_asked_for_in_requests_that_the_service_takes(stub):
    translator = service(stub)
    units = [Unit(f"u{number}", "word " * 20, False) for number in range(130)]
    found = draft(job(*units, Unit("long", "word " * 5_000, False)), translator)
    assert all(unit.state == MACHINE for unit in found.units)
    for _, _, content in stub.requests:
        texts = content["text" if stub.kind == "deepl" else "q"]
        assert len(texts) <= translator.limits.texts
        assert sum(map(len, texts)) <= translator.limits.letters or len(texts) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, KeyRefused),
        (403, KeyRefused),
        (404, RequestRefused),
        (418, RequestRefused),
        (429, TooManyRequests),
        (456, QuotaUsedUp),
        (500, ServiceFailed),
        (503, ServiceFailed),
        (529, TooManyRequests),
        (302, AnswerUnusable),
        (204, AnswerUnusable),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b'{"message": "no", "error": "no"}', b'{"error": {"message": 7, "errors": "x"}}', b"<html>"]
)
def test_every_status_is_an_error_of_its_kind(stub, status, error, body):
    stub.answer = lambda content: (status, body)
    with pytest.raises(error) as raised:
        service(stub).translate(["x"], "en", "az", False)
    assert f"status {status}" in str(raised.value) and len(stub.requests) == 1


def test_message_of_the_service_is_told_and_the_key_is_not(stub):
    said = f"no \x1b[31m {stubs.KEY} " + "x" * 500
    stub.answer = lambda content: (
        400, json.dumps({"message": said, "error": {"message": said} if stub.kind == "google" else said}).encode()
    )  # fmt: skip
    with pytest.raises(RequestRefused) as raised:
        service(stub).translate(["x"], "en", "az", False)
    message = str(raised.value)
    assert "no [31m … xxx" in message and "\x1b" not in message and stubs.KEY not in message and len(message) < 320


def test_wrong_key_is_told_as_one(stub):
    with pytest.raises(KeyRefused):
        service(stub, key="another").translate(["x"], "en", "az", False)


def test_language_that_the_service_does_not_know_is_told(stub):
    with pytest.raises(RequestRefused):
        service(stub).translate(["x"], "en", "hy", False)


def test_script_that_the_service_cannot_write_is_not_asked_for(stub):
    with pytest.raises(LanguageNotOffered):
        draft(replace(job(), target_language="az-Arab"), service(stub))
    assert draft(replace(job(), target_language="az-Latn"), service(stub)).problems == ()
    assert len(stub.requests) == 2


def test_silence_is_ended_after_the_time_that_the_options_give(stub):
    stub.drip_s = 0.05
    # To its end this answer takes half a minute.
    stub.answer = stubs.speaking(stub.kind, ["y" * 600])
    begun = time.monotonic()
    with pytest.raises(ServiceTooSlow, match=r"within 0\.3 s"):
        service(stub, patience_s=0.3).translate(["x"], "en", "az", False)
    assert time.monotonic() - begun < 15


def test_server_that_never_answers_is_given_up(stub):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ServiceTooSlow):
            service(stub, patience_s=0.2, origin=origin).translate(["x"], "en", "az", False)


def test_server_that_is_away_is_told(stub):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        origin = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(ServiceUnreachable) as raised:
        service(stub, origin=origin).translate(["x"], "en", "az", False)
    assert not isinstance(raised.value, ServiceTooSlow) and not raised.value.permanent


def test_enormous_answer_is_not_read_to_its_end(stub, monkeypatch):
    monkeypatch.setattr(calls, "LONGEST_ANSWER_BYTES", 100_000)
    stub.answer = stubs.speaking(stub.kind, ["y" * 2_000_000])
    with pytest.raises(AnswerUnusable, match="more than"):
        service(stub).translate(["x"], "en", "az", False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"<html>",
        b"[" * 100_000,
        b'{"translatedText": "one"}',
        b'{"translatedText": [1]}',
        b'{"translations": [1]}',
        b'{"data": {"translations": [{}]}}',
    ],
)
def test_answer_of_another_form_is_unusable(stub, body):
    stub.answer = lambda content: (200, body)
    with pytest.raises(AnswerUnusable):
        service(stub).translate(["x"], "en", "az", False)


@pytest.mark.parametrize("texts", [[], ["a"], ["a", "b", "c"]])
def test_other_number_of_texts_translates_nothing(stub, texts):
    stub.answer = stubs.speaking(stub.kind, texts)
    units = (Unit("a", "One", False), Unit("b", "Two", False))
    found = draft(job(*units), service(stub))
    assert found.units == units and told(found) == [(AnswerUnusable, "a"), (AnswerUnusable, "b")]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("", MachineTextRefused),
        (" \n", MachineTextRefused),
        ("y" * 5_000, MachineTextRefused),
        ("a\0b", MachineTextRefused),
        ("a\ud800", MachineTextRefused),
        ("<b>Bir</b>", CodesBroken),
        ("Bir <svg/onload=alert(1)>", CodesBroken),
        ("Bir &quot;iki&quot;", CodesBroken),
    ],
)
def test_unusable_plain_text_is_left_out_and_the_rest_is_kept(stub, answer, error):
    stub.answer = stubs.speaking(stub.kind, [answer, "İki & üç"])
    units = (Unit("a", "One", False), Unit("b", "Two & three", False))
    found = draft(job(*units), service(stub))
    assert [unit.target for unit in found.units] == ["", "İki & üç"]
    assert found.units[0] == units[0] and told(found) == [(error, "a")]


def changed(old: str, new: str):
    return lambda sent: sent.replace(old, new)


@pytest.mark.parametrize(
    "change",
    [
        changed("</b>", ""),
        changed("<b", "<i"),
        changed('id="x4"', 'id="x2"'),
        changed('id="x4"', 'id="x99"'),
        changed('id="x4"', ""),
        changed("harbour", "harbour<script>alert(1)</script>"),
        changed("harbour", "<b>harbour</b>"),
        changed("harbour", "<!-- x -->"),
        changed('<br id="x9">', ""),
        changed('<br id="x9">', '<br id="x9"><br id="x9">'),
        lambda sent: f"{sent}{sent}",
        lambda sent: "Bir iki üç",
    ],
)
def test_html_with_other_tags_is_left_out_and_the_rest_is_kept(stub, change):
    units = (Unit("a", PARAGRAPH, True), Unit("b", "<p>Two</p>", True))
    stub.translate = lambda sent: change(sent) if "harbour" in sent else sent.replace("Two", "İki")
    found = draft(job(*units), service(stub))
    assert found.units[0] == units[0] and found.units[1].target == "<p>İki</p>"
    assert told(found) == [(CodesBroken, "a")]


def test_what_a_machine_adds_to_tags_or_writes_as_words_is_harmless(stub):
    """Google adds a style where the direction of writing changes, LibreTranslate closes what needs no end."""
    unit = Unit("a", PARAGRAPH, True)
    stub.translate = lambda sent: (
        sent.replace('<p id="x0"', '<P style="direction:rtl" onclick="alert(1)" id=x0')
        .replace("</p>", "</P>")
        .replace('<br id="x9">', '<br id="x9"></br>')
        .replace("harbour", "&lt;script&gt;alert(1)&lt;/script&gt; < &nbsp;")
    )
    found = draft(job(unit), service(stub))
    expected = PARAGRAPH.replace("harbour", "&lt;script&gt;alert(1)&lt;/script&gt; &lt; \xa0").replace("&nbsp;", "\xa0")
    assert found.problems == () and found.units[0].target == expected


def test_service_that_fails_half_way_keeps_what_it_has_done(stub):
    units = (Unit("a", "One", False), Unit("b", "<p>Two</p>", True))
    usual = stubs.speaking(stub.kind, ["Bir"])
    stub.answer = lambda content: usual(content) if len(stub.requests) == 1 else (503, b"")
    found = draft(job(*units), service(stub))
    assert [unit.state for unit in found.units] == [MACHINE, INITIAL]
    assert told(found) == [(ServiceFailed, "")]


def test_service_that_fails_at_once_is_an_error_and_is_asked_once(stub):
    stub.answer = lambda content: (456, b"")
    with pytest.raises(QuotaUsedUp):
        draft(job(), service(stub))
    assert len(stub.requests) == 1


def test_request_that_is_refused_leaves_the_others_be(stub):
    units = (Unit("a", "One", False), Unit("b", "<p>Two</p>", True))
    usual = stubs.speaking(stub.kind, ['<p id="x0">İki</p>'])
    stub.answer = lambda content: usual(content) if len(stub.requests) == 2 else (413, b"")
    found = draft(job(*units), service(stub))
    assert told(found) == [(RequestRefused, "a")] and found.units[1].target == "<p>İki</p>"


@pytest.mark.parametrize(
    ("reason", "error"),
    [("dailyLimitExceeded", QuotaUsedUp), ("userRateLimitExceeded", TooManyRequests), ("forbidden", KeyRefused)],
)
def test_google_s_quotas_are_told_apart_by_their_reason(reason, error):
    with stubs.running("google") as stub:
        said = {"error": {"code": 403, "message": "Limit Exceeded", "errors": [{"reason": reason}]}}
        stub.answer = lambda content: (403, json.dumps(said).encode())
        with pytest.raises(error):
            service(stub).translate(["x"], "en", "az", False)


@pytest.mark.parametrize(
    ("language", "deepl", "google", "libretranslate"),
    [
        ("en", "EN-GB", "en", "en"),
        ("en-US", "EN-US", "en-US", "en"),
        ("pt-BR", "PT-BR", "pt-BR", "pt-BR"),
        ("zh-Hant", "ZH-HANT", "zh-TW", "zh-Hant"),
        ("hy-Armn", "HY", "hy", "hy"),
        ("sr-Cyrl", "SR", "sr", "sr"),
        ("nb", "NB", "no", "nb"),
    ],
)
def test_languages_are_named_as_each_service_names_them(language, deepl, google, libretranslate):
    assert DeepL("k")._target(language) == deepl
    assert Google("k")._code(language) == google
    assert LibreTranslate("http://x")._code(language) == libretranslate


def test_names_stay_as_they_are_in_rich_text(stub):
    """The stub keeps what is marked, as the services do."""
    unit = Unit("a", "<p>In The Globe &amp; Mail and Globes, Globe <i>Globe</i></p>", True)

    def translate(sent: str) -> str:
        pieces = re.split(r'(<span id="k" translate="no" class="notranslate">.*?</span>)', sent)
        return "".join(piece if piece.startswith("<span") else piece.replace("Globe", "Qlobus") for piece in pieces)

    stub.translate = translate
    found = draft(job(unit), service(stub), ["Globe", "The Globe & Mail"])
    assert found.problems == ()
    assert found.units[0].target == "<p>In The Globe &amp; Mail and Qlobuss, Globe <i>Globe</i></p>"


def options(tmp_path, **values: str) -> config.Config:
    return config.load(tmp_path, {f"BROADSHEET_MACHINE_TRANSLATION{name}": value for name, value in values.items()})


def test_machine_translation_is_off_unless_the_options_name_a_service(tmp_path):
    assert configured(options(tmp_path)) is None
    assert configured(options(tmp_path, _KEY="k")) is None


def test_options_choose_the_service(tmp_path):
    found = configured(options(tmp_path, **{"": "deepl", "_KEY": "k:fx", "_SECONDS": "7"}))
    assert found == DeepL("k:fx", 7)
    assert configured(options(tmp_path, **{"": "google", "_KEY": "k"})) == Google("k", 30)
    own = configured(options(tmp_path, **{"": "libretranslate", "_URL": "http://127.0.0.1:5000/"}))
    assert own == LibreTranslate("http://127.0.0.1:5000", "", 30)


@pytest.mark.parametrize(
    "values",
    [
        {"": "deepl"},
        {"": "google"},
        {"": "libretranslate"},
        {"": "deepl", "_KEY": "k", "_URL": "http://127.0.0.1:5000"},
    ],
)
def test_options_that_contradict_each_other_are_refused(tmp_path, values):
    with pytest.raises(ServiceMisconfigured):
        configured(options(tmp_path, **values))


@pytest.mark.parametrize(
    "values",
    [
        {"": "babelfish"},
        {"_URL": "file:///etc/passwd"},
        {"_URL": "http://user:pw@host"},
        {"_URL": "http://a b"},
        {"_URL": "http://a:99999"},
        {"_KEY": "a\r\nb: c"},
        {"_KEY": "şifrə"},
        {"_SECONDS": "0"},
    ],
)
def test_wrong_option_is_refused_before_anything_starts(tmp_path, values):
    with pytest.raises(config.ConfigError, match="machine_translation"):
        options(tmp_path, **values)


def test_errors_of_services_say_whether_it_is_worth_to_try_again():
    again = {
        kind for kind in (ServiceUnreachable, ServiceTooSlow, ServiceFailed, TooManyRequests) if not kind.permanent
    }
    assert len(again) == 4 and all(issubclass(kind, MachineTranslationError) for kind in again)
    assert QuotaUsedUp.permanent and KeyRefused.permanent and AnswerUnusable.permanent

"""A language in another of its scripts: real sentences, and what must stay as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.translations.script_rules import RULES, find
from broadsheet.translations.transliteration import Exceptions, convert, convert_back


def rule(language, source, target):
    found = find(language, source, target)
    assert found is not None
    return found


AZ_CYRL, AZ_ARAB = rule("az", "Latn", "Cyrl"), rule("az", "Latn", "Arab")
SR_LATN, SR_CYRL = rule("sr", "Cyrl", "Latn"), rule("sr", "Latn", "Cyrl")
UZ_CYRL, UZ_LATN = rule("uz", "Latn", "Cyrl"), rule("uz", "Cyrl", "Latn")


@pytest.mark.parametrize(
    ("used", "text", "written"),
    [
        # Headlines of NTREX (CC BY-SA 4.0).
        (AZ_CYRL, "Xarici İşlər naziri deyir ki, Suriya qaçqınların geri qaytımasına “hazırdır”",
         "Хариҹи Ишләр назири дејир ки, Сурија гачгынларын ҝери гајтымасына “һазырдыр”"),
        (AZ_ARAB, "Suriya qaçqınların könüllü qayıtmasına hazırdır", "سورییا قاچقینلارین کؤنوللو قاییتماسینا هازیردیر"),
        (UZ_CYRL, "vayron boʻlgan mamlakatni qayta tiklashda yordam so'rab",
         "вайрон бўлган мамлакатни қайта тиклашда ёрдам сўраб"),
        (AZ_CYRL, "İSTANBUL və IŞIQ, ISTI", "ИСТАНБУЛ вә ЫШЫГ, ЫСТЫ"),
        (AZ_CYRL, "LƏNKƏRAN O'Neill", "ЛӘНКӘРАН О'Неилл"),
        (AZ_ARAB, "ailə, dil; nə?", "آیله، دیل؛ نه؟"),
        (SR_LATN, "Љубав, Његош, ЏЕЗ и Ђорђе", "Ljubav, Njegoš, DŽEZ i Đorđe"),
        (SR_CYRL, "Ljubav, Njegoš, DŽEZ i Đorđe", "Љубав, Његош, ЏЕЗ и Ђорђе"),
        (SR_CYRL, "injekcija i konjunktura, Tanjug", "инјекција и конјунктура, Танјуг"),
        (UZ_CYRL, "Eron, yetti, e'lon, poeziya, g‘oya", "Эрон, етти, эълон, поэзия, ғоя"),
        (UZ_LATN, "Ўзбекистон, Ер, эълон, поезд, цирк, конституция",
         "Oʻzbekiston, Yer, eʼlon, poyezd, sirk, konstitutsiya"),
    ],
)  # fmt: skip
def test_text_in_another_script(used, text, written):
    assert convert(text, used) == written


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/dünya/?q=ə", "www.bbc.com", "xeber@example.org", "example.org", "@redaksiya", "XXI", "I",
        "Twitter", "WHO", "2,5", "BBC.com/az", "…", "",
    ],
)  # fmt: skip
def test_addresses_numerals_and_foreign_words_stay(text):
    assert convert(text, AZ_CYRL) == text


def test_exceptions_hold_for_whole_words_and_for_beginnings():
    by_hand = Exceptions.of({"bbc": "Би-Би-Си", "azərbaycan*": "آذربایجان", "reuters": "Ројтерс"})
    assert convert("BBC və Reuters, REUTERS", AZ_CYRL, by_hand) == "Би-Би-Си вә Ројтерс, Ројтерс"
    assert convert("Azərbaycanın Azərbaycan", AZ_ARAB, by_hand) == "آذربایجانین آذربایجان"


@pytest.mark.parametrize("used", [AZ_CYRL, SR_LATN, SR_CYRL])
def test_words_come_back_as_they_were(used):
    text = "дан ноћ љубав пут" if used.source == "Cyrl" else "gün gecə sevgi yol" if used.language == "az" else "ljubav"
    assert convert_back(convert(text, used), used) == text


@given(st.text(max_size=200), st.sampled_from(RULES))
def test_any_text_can_be_written(text, used):
    written = convert(text, used)
    assert len(written.split("\n")) == len(text.split("\n"))
    assert [one for one in written if one in "<>&"] == [one for one in text if one in "<>&"]


@given(st.text(alphabet="abcçdeəfgğhxıijkqlmnoöprsştuüvyz ", max_size=80))
def test_azerbaijani_in_cyrillic_is_one_letter_for_one(text):
    assert convert_back(convert(text, AZ_CYRL), AZ_CYRL) == text

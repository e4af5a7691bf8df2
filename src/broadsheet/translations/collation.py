"""The order of names in an index, by language (CLDR's collation, the parts of it that names need).

The standard library sorts by code point, which puts Ёлкина after Яковлева and Əliyev after Zeynalov; ICU's bindings
need a compiler on every machine. So: one table of alphabets, and three levels as in the Unicode Collation Algorithm
(UTS 10): letters, then accents, then capitals. Letters of other scripts come after the language's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar

from . import letters

T = TypeVar("T")
Key = tuple[tuple[tuple[int, int], ...], tuple[str, ...], tuple[bool, ...], str]

# Alphabets in which letters stand that are letters of their own there, and accents elsewhere; digraphs count as one
# letter where dictionaries do so. Languages without an entry are sorted by letters without their accents.
_LATIN = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
ALPHABETS: dict[str, str] = {
    "az": "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v w y z",
    "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p q r s ş t u ü v w x y z",
    "tk": "a b ç d e ä f g h i j ž k l m n ň o ö p r s ş t u ü w y ý z",
    "uz": "a b d e f g h i j k l m n o p q r s t u v x y z oʻ gʻ sh ch",
    "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "sv": f"{_LATIN} å ä ö",
    "fi": f"{_LATIN} å ä ö",
    "da": f"{_LATIN} æ ø å",
    "nb": f"{_LATIN} æ ø å",
    "et": "a b c d e f g h i j k l m n o p q r s š z ž t u v w õ ä ö ü x y",
    "pl": "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż",
    "cs": "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž",
    "hr": "a b c č ć d dž đ e f g h i j k l lj m n nj o p q r s š t u v w x y z ž",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z",
    "hu": "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö p q r s sz t ty u ü v w x y z zs",
    "ru": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
    "be": "а б в г д е ё ж з і й к л м н о п р с т у ў ф х ц ч ш ы ь э ю я",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
    "bg": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ь ю я",
    "sr": "а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш",
    "mk": "а б в г д ѓ е ж з ѕ и ј к л љ м н њ о п р с т ќ у ф х ц ч џ ш",
    "kk": "а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я",
    "ky": "а б в г д е ё ж з и й к л м н ң о ө п р с т у ү ф х ц ч ш щ ъ ы ь э ю я",
    "tt": "а ә б в г д е ё ж җ з и й к л м н ң о ө п р с т у ү ф х һ ц ч ш щ ъ ы ь э ю я",
    "tg": "а б в г ғ д е ё ж з и ӣ й к қ л м н о п р с т у ӯ ф х ҳ ч ҷ ш ъ э ю я",
    "az-Cyrl": "а б в г ғ д е ә ж з и ы ј к ҝ л м н о ө п р с т у ү ф х һ ч ҹ ш",
    "uz-Cyrl": "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш ъ ь э ю я ў қ ғ ҳ",
    "sr-Latn": "a b c č ć d dž đ e f g h i j k l lj m n nj o p q r s š t u v w x y z ž",
    "hy": "ա բ գ դ ե զ է ը թ ժ ի լ խ ծ կ հ ձ ղ ճ մ յ ն շ ո չ պ ջ ռ ս վ տ ր ց ւ փ ք եւ օ ֆ",
    "ka": "ა ბ გ დ ე ვ ზ თ ი კ ლ მ ნ ო პ ჟ რ ს ტ უ ფ ქ ღ ყ შ ჩ ც ძ წ ჭ ხ ჯ ჰ",
    "el": "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω",
    "he": "א ב ג ד ה ו ז ח ט י כ ל מ נ ס ע פ צ ק ר ש ת",
    "ar": "ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي",
    "fa": "ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی",
    "ur": "ا ب پ ت ٹ ث ج چ ح خ د ڈ ذ ر ڑ ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ہ ی ے",
    "ckb": "ا ب پ ت ج چ ح خ د ر ڕ ز ژ س ش ع غ ف ڤ ق ک گ ل ڵ م ن و ۆ ه ە ی ێ",
}
# Letters that are sorted as others, on the first level.
_LIKE: dict[str, dict[str, str]] = {
    "ru": {"ё": "е"},
    "hy": {"և": "եւ"},
    "el": {"ς": "σ"},
    "de": {"ß": "ss"},
    "he": {"ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ"},
    "ar": {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي"},
    "fa": {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ك": "ک", "ي": "ی", "ى": "ی", "ة": "ه", "ؤ": "و", "ئ": "ی"},
}
_BASE = {
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "ŧ": "t",
    "þ": "th",
    "ð": "d",
}


def sort_names(things: Iterable[T], language: str, name: Callable[[T], str]) -> list[T]:
    """The things in the order in which an index of the language has their names."""
    return sorted(things, key=lambda thing: key_of(name(thing), language))


def key_of(name: str, language: str) -> Key:
    """What to compare: letters, accents, capitals, at last the name itself, so that the order is always the same."""
    small = letters.lower(unicodedata.normalize("NFC", name), language)
    units = tuple(unit for unit, _ in _units(small, language))
    accents = tuple(mark for _, mark in _units(small, language))
    return units, accents, tuple(letter != letters.lower(letter, language) for letter in name), name


def initial_of(name: str, language: str) -> str:
    """The letter under which an index has the name; `#` for one that begins with none."""
    small = letters.lower(unicodedata.normalize("NFC", name), language)
    ranks, longest = _ranks(language)
    for position in range(len(small)):
        if small[position].isalnum():
            known = (small[position : position + length] for length in range(longest, 0, -1))
            found = next((one for one in known if one in ranks), "") or _bare(small[position], language)
            return letters.capitalize(found, language) if found[:1].isalpha() else "#"
    return "#"


def _units(small: str, language: str) -> list[tuple[tuple[int, int], str]]:
    """The letters as places in the order of all letters, each with its accent."""
    ranks, longest = _ranks(language)
    found: list[tuple[tuple[int, int], str]] = []
    position = 0
    while position < len(small):
        known = (small[position : position + length] for length in range(longest, 0, -1))
        unit = next((one for one in known if one in ranks), "")
        if unit:
            found.append(((1, ranks[unit]), ""))
            position += len(unit)
            continue
        letter, position = small[position], position + 1
        if letter.isalnum():
            bare = _bare(letter, language)
            found += [((1, ranks[one]) if one in ranks else _foreign(one), letter) for one in bare]
        elif letter.isspace() and found:
            found.append(((0, 0), ""))
    return found


def _foreign(letter: str) -> tuple[int, int]:
    """Digits before all letters, letters of other scripts after those of the language."""
    return (0, ord(letter)) if letter.isdigit() else (2, ord(letter))


def _bare(letter: str, language: str) -> str:
    """The letter as it is sorted: without accents, or as the other letter that it counts as."""
    like = _LIKE.get(language.split("-")[0], {})
    if letter in like:
        return like[letter]
    bare = "".join(one for one in unicodedata.normalize("NFD", letter) if not unicodedata.combining(one))
    return _BASE.get(bare, bare) or letter


@cache
def _ranks(language: str) -> tuple[dict[str, int], int]:
    """The places of the language's letters, and of how many characters the longest is made."""
    alphabet = ALPHABETS.get(language) or ALPHABETS.get(language.split("-")[0]) or _LATIN
    order = alphabet.split()
    return {letter: rank for rank, letter in enumerate(order)}, max(map(len, order))

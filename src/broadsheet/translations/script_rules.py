"""How one language is written in another of its scripts: one table each, in small letters.

Pairs of letters win over single ones. `first` holds what is written otherwise at the beginning of a word, `last` at its
end, `after_vowel` after a vowel. Sources: the Azerbaijani alphabets of 1958 (Cyrillic) and 1991 (Latin); for Arabic
letters the spelling of Varlıq's orthography seminar (Tehran 2001) without its vowel marks, as papers print it; Serbia's
law on both alphabets (1991); Uzbekistan's alphabets of 1940 (Cyrillic) and 1995 (Latin).
"""

from __future__ import annotations

from dataclasses import dataclass, field

Letters = dict[str, str]


@dataclass(frozen=True)
class ScriptRule:
    """From one script of a language to another. A word with a letter outside `alphabet` is foreign and stays."""

    language: str
    source: str
    target: str
    letters: Letters
    first: Letters = field(default_factory=dict)
    last: Letters = field(default_factory=dict)
    after_vowel: Letters = field(default_factory=dict)
    vowels: str = ""
    alphabet: str = ""
    # Words that only look like Roman numerals, which stay as they are.
    no_numerals: tuple[str, ...] = ()
    punctuation: Letters = field(default_factory=dict)
    # What the pair would be is written with this between its letters where they belong to two parts of a word.
    apart: tuple[str, ...] = ()


def _pairs(written: str) -> Letters:
    pairs = (pair.partition("=") for pair in written.split())
    return {letter: other for letter, _, other in pairs}


_AZ_LATIN = "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"
_AZ_CYRILLIC = _pairs(
    "a=а b=б c=ҹ ç=ч d=д e=е ə=ә f=ф g=ҝ ğ=ғ h=һ x=х ı=ы i=и j=ж k=к q=г l=л m=м n=н o=о ö=ө p=п r=р s=с ş=ш t=т u=у "
    "ü=ү v=в y=ј z=з"
)
_AZ_ARABIC = _pairs(
    # A vowel between consonants: the wide ones are written, a short ə is not.
    "a=ا b=ب c=ج ç=چ d=د e=ئ ə= f=ف g=گ ğ=غ h=ه x=خ ı=ی i=ی j=ژ k=ک q=ق l=ل m=م n=ن o=و ö=ؤ p=پ r=ر s=س ş=ش t=ت u=و "
    "ü=و v=و y=ی z=ز"
)
_SR_LATIN = _pairs(
    "а=a б=b в=v г=g д=d ђ=đ е=e ж=ž з=z и=i ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=ć у=u ф=f х=h ц=c ч=č "
    "џ=dž ш=š"
)
_SR_CYRILLIC = {latin: cyrillic for cyrillic, latin in _SR_LATIN.items()}
_UZ_CYRILLIC = _pairs(
    "a=а b=б d=д e=е f=ф g=г h=ҳ i=и j=ж k=к l=л m=м n=н o=о p=п q=қ r=р s=с t=т u=у v=в x=х y=й z=з oʻ=ў gʻ=ғ sh=ш "
    "ch=ч ya=я yo=ё yu=ю ye=е ts=ц ʼ=ъ"
)
_UZ_LATIN = _pairs(
    "а=a б=b в=v г=g д=d е=e ё=yo ж=j з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=x ц=s ч=ch ш=sh ъ=ʼ ь= "
    "э=e ю=yu я=ya ў=oʻ қ=q ғ=gʻ ҳ=h щ=sh ы=i"
)

RULES: tuple[ScriptRule, ...] = (
    ScriptRule("az", "Latn", "Cyrl", _AZ_CYRILLIC, alphabet=_AZ_LATIN),
    ScriptRule(
        "az",
        "Latn",
        "Arab",
        _AZ_ARABIC,
        first=_pairs("a=آ e=ائ ə=ا ı=ای i=ای o=او ö=اؤ u=او ü=او"),
        last=_pairs("ə=ه"),
        after_vowel=_pairs("ə=ه"),
        vowels="aeəıioöuü",
        alphabet=_AZ_LATIN,
        punctuation=_pairs(",=، ;=؛ ?=؟"),
    ),
    # Two letters that are one sound in most words, and two where a prefix or another word ends between them.
    ScriptRule(
        "sr", "Latn", "Cyrl", _SR_CYRILLIC, no_numerals=("I",), alphabet="abcčćdđefghijklmnoprsštuvzž",
        apart=("injekc", "konjug", "konjunk", "nadživ", "nadžup", "odžal", "podžan", "tanjug", "vanjezi"),
    ),
    ScriptRule("sr", "Cyrl", "Latn", _SR_LATIN, alphabet="абвгдђежзијклљмнњопрстћуфхцчџш"),
    ScriptRule(
        "uz",
        "Latn",
        "Cyrl",
        _UZ_CYRILLIC,
        first=_pairs("e=э"),
        after_vowel=_pairs("e=э"),
        vowels="aeiouʻ",
        alphabet="abcdefghijklmnopqrstuvxyzʻʼ",
    ),
    ScriptRule(
        "uz",
        "Cyrl",
        "Latn",
        _UZ_LATIN,
        first=_pairs("е=ye ц=s"),
        after_vowel=_pairs("е=ye ц=ts"),
        vowels="аеёиоуўэюяъь",
        alphabet="абвгдеёжзийклмнопрстуфхцчшъьэюяўқғҳщы",
    ),
)  # fmt: skip


def find(language: str, source: str, target: str) -> ScriptRule | None:
    """The rule from one script of a language to another; None: nobody has written it down."""
    wanted = (language.split("-")[0], source, target)
    return next((rule for rule in RULES if (rule.language, rule.source, rule.target) == wanted), None)

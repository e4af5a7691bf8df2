"""Latin letters for addresses: how each language writes its own words in them, one table each.

A table holds small letters, and may hold pairs of letters. `first` holds what is written otherwise at the beginning of
a word. What no table knows is written by `anyascii`, which knows every script and no language. Sources: the national
systems (Ukraine's resolution 55 of 2010, Bulgaria's law of 2009, Georgia's of 2002, Greece's ELOT 743), BGN/PCGN for
Armenian, the usual spelling of names in the press for the others. Addresses carry no diacritics.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Letters = dict[str, str]


@dataclass(frozen=True)
class Romanization:
    """How a language is written in Latin letters."""

    letters: Letters
    first: Letters = field(default_factory=dict)


def _pairs(written: str) -> Letters:
    """A table from its plain form: `а=a б=b ъ=`."""
    pairs = (pair.partition("=") for pair in written.split())
    return {letter: latin for letter, _, latin in pairs}


_CYRILLIC = _pairs(
    "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh "
    "щ=shch ъ= ы=y ь= э=e ю=yu я=ya ё=e"
)
_ARABIC = _pairs(
    "ا=a آ=a أ=a إ=i ٱ=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع=a غ=gh ف=f ق=q ك=k "
    "ل=l م=m ن=n ه=h و=w ي=y ى=a ة=a ؤ=w ئ=y ء= پ=p چ=ch ژ=zh گ=g ک=k ی=y ڤ=v "
    # Short vowels, where somebody wrote them; doubling and silence are not heard in an address.
    "\u064b=an \u064c=un \u064d=in \u064e=a \u064f=u \u0650=i \u0651= \u0652= \u0670=a ـ="
)
_PERSIAN = {**_ARABIC, **_pairs("ث=s ذ=z ض=z و=v ئ=y ؤ=v ة=e ۀ=e ە=e ھ=h"), "\u200c": "-"}
_TURKIC_LATIN = _pairs("ı=i ö=o ü=u ç=c ş=s ğ=g")

ROMANIZATIONS: dict[str, Romanization] = {
    "az": Romanization({**_TURKIC_LATIN, "ə": "e"}),
    "az-Cyrl": Romanization({**_CYRILLIC, **_pairs("ә=e ғ=g ҝ=g ј=y ө=o ү=u ҹ=c һ=h ж=j х=x ч=c ш=s ы=i")}),
    "tr": Romanization(_TURKIC_LATIN),
    "de": Romanization(_pairs("ä=ae ö=oe ü=ue ß=ss")),
    "uz": Romanization(_pairs("ʻ= ʼ= ‘= ’=")),
    "uz-Cyrl": Romanization({**_CYRILLIC, **_pairs("ў=o қ=q ғ=g ҳ=h ж=j х=x ц=s щ=sh")}),
    "ru": Romanization(_CYRILLIC),
    "be": Romanization({**_CYRILLIC, **_pairs("г=h і=i ў=u х=kh ё=io ю=iu я=ia")}, _pairs("е=ye ё=yo ю=yu я=ya")),
    "uk": Romanization(
        {**_CYRILLIC, **_pairs("г=h ґ=g є=ie и=y і=i ї=i й=i ю=iu я=ia зг=zgh")},
        _pairs("є=ye ї=yi й=y ю=yu я=ya"),
    ),
    "bg": Romanization({**_CYRILLIC, **_pairs("щ=sht ъ=a х=h ь=y")}),
    "mk": Romanization({**_CYRILLIC, **_pairs("ѓ=gj ѕ=dz ј=j љ=lj њ=nj ќ=kj џ=dj х=h")}),
    "sr": Romanization({**_CYRILLIC, **_pairs("ђ=dj ж=z ј=j љ=lj њ=nj ћ=c х=h ц=c ч=c џ=dz ш=s đ=dj")}),
    "kk": Romanization({**_CYRILLIC, **_pairs("ә=a ғ=g қ=q ң=n ө=o ұ=u ү=u һ=h і=i")}),
    "ky": Romanization({**_CYRILLIC, **_pairs("ң=n ө=o ү=u ж=j")}),
    "tg": Romanization({**_CYRILLIC, **_pairs("ғ=gh ӣ=i қ=q ӯ=u ҳ=h ҷ=j")}),
    "tt": Romanization({**_CYRILLIC, **_pairs("ә=a җ=j ң=n ө=o ү=u һ=h")}),
    "hy": Romanization(
        _pairs(
            "ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=y թ=t ժ=zh ի=i լ=l խ=kh ծ=ts կ=k հ=h ձ=dz ղ=gh ճ=ch մ=m յ=y ն=n շ=sh ո=o "
            "չ=ch պ=p ջ=j ռ=r ս=s վ=v տ=t ր=r ց=ts ւ=v փ=p ք=k օ=o ֆ=f և=ev ու=u ՛= ՜= ՞="
        ),
        _pairs("ե=ye ո=vo և=yev"),
    ),
    "ka": Romanization(
        _pairs(
            "ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=p ქ=k ღ=gh ყ=q შ=sh "
            "ჩ=ch ც=ts ძ=dz წ=ts ჭ=ch ხ=kh ჯ=j ჰ=h"
        )
    ),
    "el": Romanization(
        _pairs(
            "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o "
            "ά=a έ=e ή=i ί=i ό=o ύ=y ώ=o ϊ=i ΐ=i ϋ=y ΰ=y ου=ou ού=ou αυ=av αύ=av ευ=ev εύ=ev ηυ=iv ηύ=iv γγ=ng γξ=nx "
            "γχ=nch"
        ),
        _pairs("μπ=b ντ=d γκ=g"),
    ),
    "ar": Romanization(_ARABIC),
    "ur": Romanization({**_PERSIAN, **_pairs("ٹ=t ڈ=d ڑ=r ں=n ے=e ہ=h")}),
    "fa": Romanization(_PERSIAN),
    "ps": Romanization({**_PERSIAN, **_pairs("ټ=t ډ=d ړ=r ږ=g ښ=kh ڼ=n ې=e ۍ=i ګ=g")}),
    "ckb": Romanization({**_PERSIAN, **_pairs("ە=e ێ=e ۆ=o ڵ=l ڕ=r ع=a")}),
    "he": Romanization(
        _pairs(
            "א=a ב=b ג=g ד=d ה=h ו=v ז=z ח=h ט=t י=y כ=k ך=k ל=l מ=m ם=m נ=n ן=n ס=s ע=a פ=p ף=f צ=ts ץ=ts ק=k ר=r "
            "ש=sh ת=t ׳= ״="
        )
    ),
}
# Letters that are a consonant at the beginning of a word or beside one of `open`, and a vowel elsewhere.
_SEMIVOWELS: dict[str, tuple[Letters, str]] = {
    "ar": (_pairs("و=u ي=i"), "اآأإىةعوي"),
    "fa": (_pairs("و=o ی=i ي=i"), "اآعویي"),
    "he": (_pairs("ו=o י=i"), "אעוי"),
}
_LIKE = {"ur": "fa", "ps": "fa", "ckb": "fa"}
# What an Arabic word ends in is written otherwise than in its middle.
_FINAL_E = frozenset({"fa", "ps", "ur"})


def romanize_word(word: str, language: str) -> str:
    """A word in small letters, with what the language's table knows in Latin ones; the rest stays as it is."""
    known = ROMANIZATIONS.get(language) or ROMANIZATIONS.get(language.split("-")[0])
    if known is None:
        return word
    word = _open_article(word, language)
    written, position = "", 0
    while position < len(word):
        taken, latin = _next(word, position, known, language)
        written, position = written + latin, position + taken
    return written


def _next(word: str, position: int, known: Romanization, language: str) -> tuple[int, str]:
    """How many letters are taken at the position, and what is written for them."""
    pair, letter = word[position : position + 2], word[position]
    is_first = position == 0 or word[position - 1] == "-"
    for table in (known.first if is_first else {}, known.letters):
        if len(pair) == 2 and pair in table:
            return 2, table[pair]
    if is_first and letter in known.first:
        return 1, known.first[letter]
    if not is_first and (vowel := _as_vowel(word, position, language)) is not None:
        return 1, vowel
    return 1, known.letters.get(letter, letter)


def _as_vowel(word: str, position: int, language: str) -> str | None:
    """What a letter is written as that is a vowel here; None: it is none, or the language has no such letters."""
    main = language.split("-")[0]
    letter = word[position]
    if main in _FINAL_E and letter in "هہ" and position == len(word) - 1 and position > 1:
        return "e" if word[position - 1] not in "اآو" else None
    vowels, others = _SEMIVOWELS.get(_LIKE.get(main, main), ({}, ""))
    if letter not in vowels:
        return None
    beside = word[position - 1] + word[position + 1 : position + 2]
    return None if set(beside) & set(others) else vowels[letter]


def _open_article(word: str, language: str) -> str:
    """Arabic's article stands apart, as in `al-quds`."""
    if language.split("-")[0] == "ar" and word.startswith("ال") and len(word) > 4:
        return f"ال-{word[2:]}"
    return word

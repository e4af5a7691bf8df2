"""Names stand in an index where readers of the language look for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.translations.collation import ALPHABETS, initial_of, key_of, sort_names


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("az", "Eldarov Əliyev Fərhad Həsən Xalq Irəvanlı İsmayılov Qasım Zeynalov"),
        ("tr", "Cem Çelik Demir Hasan Işık İnci Jale Oz Öz"),
        ("ru", "Елкин Ёлкина Елькина Жуков Яковлева Ann"),
        ("hy", "Աբգար Եվա Զավեն Էդգար Օհանյան"),
        ("kk", "Асан Әли Оспан Өмір Ыдырыс Ісләм"),
        ("uk", "Гай Ґонта Діма Євген Іван Їжак Юрій"),
        ("de", "Ärger Ober Öhler Ozan"),
        ("sv", "Adam Zeta Åke Ärla Öberg"),
        ("es", "Nz Ñu Oa"),
        ("fa", "آیدا بهرام پرویز تقی وحید هادی یوسف"),
        ("uz", "Sobir Zafar Oʻktam Gʻulom Shavkat"),
        ("el", "Δήμος Έλλη Ζωή"),
        ("ka", "ანა გია ზურა თეა"),
        ("sr-Latn", "Lazar Luka Ljubica Milan Nada Njegoš"),
        ("en", "30 Ångström Émile Eric John O’Neill Zoë"),
    ],
)
def test_order_of_names(language, names):
    wanted = names.split()
    assert sort_names(reversed(wanted), language, str) == wanted


@pytest.mark.parametrize(
    ("language", "name", "initial"),
    [("az", "əliyev", "Ə"), ("tr", "inci", "İ"), ("ru", "Ёлкина", "Е"), ("en", "Émile", "E"), ("en", "30 June", "#"),
     ("uz", "Shavkat", "Sh"), ("ka", "ანა", "ა"), ("ru", "«Мир»", "М"), ("en", "", "#")],
)  # fmt: skip
def test_letter_under_which_a_name_stands(language, name, initial):
    assert initial_of(name, language) == initial


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(sorted(ALPHABETS)))
def test_any_two_names_have_one_order(one, other, language):
    assert sort_names([one, other], language, str) == sort_names([other, one], language, str)
    assert (key_of(one, language) == key_of(other, language)) == (one == other)
    assert initial_of(one, language)

"""Formulas keep their meaning on one line."""

import pytest
from lxml import etree

from bank.exchange.formula import MAX_DEPTH, linear, lowered, raised

NS = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def t(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


SUMMED = f"<m:sub>{t('1')}</m:sub><m:sup>{t('n')}</m:sup><m:e>{t('x')}</m:e>"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (t("P=UI"), "P=UI"),
        (f"<m:f><m:num>{t('a+b')}</m:num><m:den>{t('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:sSup><m:e>{t('10')}</m:e><m:sup>{t('-3')}</m:sup></m:sSup>", "10⁻³"),
        (f"<m:sSup><m:e>{t('e')}</m:e><m:sup>{t('x')}</m:sup></m:sSup>", "e^(x)"),
        (f"<m:sSub><m:e>{t('H')}</m:e><m:sub>{t('2')}</m:sub></m:sSub>", "H₂"),
        (f"<m:sSubSup><m:e>{t('x')}</m:e><m:sub>{t('1')}</m:sub><m:sup>{t('2')}</m:sup></m:sSubSup>", "x₁²"),
        (f"<m:rad><m:deg>{t('3')}</m:deg><m:e>{t('x+1')}</m:e></m:rad>", "³√(x+1)"),
        (f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>{t('x')}</m:e></m:d>", "[x]"),
        (
            f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>{SUMMED}</m:nary>",
            "∑₁ⁿx",
        ),
    ],
)
def test_formulas(inner: str, text: str) -> None:
    assert linear(etree.fromstring(f"<m:oMath {NS}>{inner}</m:oMath>")) == text


def test_signs() -> None:
    assert (raised("2"), raised("x"), raised(" ")) == ("²", "^(x)", " ")
    assert (lowered("2"), lowered("AB")) == ("₂", "AB")


def test_deep_nesting_ends() -> None:
    inner = t("x")
    for _ in range(MAX_DEPTH * 3):
        inner = f"<m:rad><m:e>{inner}</m:e></m:rad>"
    assert linear(etree.fromstring(f"<m:oMath {NS}>{inner}</m:oMath>")).endswith(")")

"""Word's formulas: every element Word writes is read, what is written reads back, what is lost is said."""

import pytest
from hypothesis import given
from lxml import etree

from bank.formulas import latex, omml
from bank.formulas.tree import Kind, Symbol, row, symbols
from tests.bank.formulas.trees import formulas

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def math(body: str, name: str = "oMath") -> etree._Element:
    return etree.fromstring(f'<m:{name} xmlns:m="{M}" xmlns:w="{W}">{body}</m:{name}>')


def r(text: str, style: str = "") -> str:
    return f"<m:r><m:rPr>{style}</m:rPr><w:rPr/><m:t>{text}</m:t></m:r>"


def e(text: str, name: str = "e") -> str:
    return f"<m:{name}>{r(text)}</m:{name}>"


def pr(name: str, **settings: str) -> str:
    inner = "".join(f'<m:{key} m:val="{value}"/>' for key, value in settings.items())
    return f"<m:{name}Pr>{inner}<m:ctrlPr/></m:{name}Pr>"


UPRIGHT = '<m:sty m:val="p"/>'
LOWEST = f"<m:limLow><m:e>{r('max', UPRIGHT)}</m:e>{e('x', 'lim')}</m:limLow>"


@given(formulas)
def test_what_is_written_reads_back_the_same(node):
    assert omml.read(omml.write(node)) == (node, ())


@given(formulas)
def test_what_is_written_survives_as_a_file(node):
    again = etree.fromstring(etree.tostring(omml.write(node)))
    assert omml.read(again) == (node, ())


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        (f"<m:f>{e('U', 'num')}{e('R', 'den')}</m:f>", r"\frac UR"),
        (f"<m:f>{pr('f', type='noBar')}{e('n', 'num')}{e('k', 'den')}</m:f>", r"\genfrac{}{}{0pt}{}nk"),
        (f"<m:f>{pr('f', type='skw')}{e('1', 'num')}{e('2', 'den')}</m:f>", r"\frac12"),
        (f"<m:f>{pr('f', type='lin')}{e('1', 'num')}{e('2', 'den')}</m:f>", r"\frac12"),
        (f"<m:sSup>{e('x')}{e('2', 'sup')}</m:sSup>", "x^2"),
        (f"<m:sSub>{e('x')}{e('2', 'sub')}</m:sSub>", "x_2"),
        (f"<m:sSubSup>{e('x')}{e('1', 'sub')}{e('2', 'sup')}</m:sSubSup>", "x_1^2"),
        (f"<m:sPre>{e('92', 'sub')}{e('235', 'sup')}{e('U')}</m:sPre>", "{}_{92}^{235}U"),
        (f"<m:rad>{pr('rad', degHide='1')}<m:deg/>{e('x')}</m:rad>", r"\sqrt x"),
        (f"<m:rad>{e('3', 'deg')}{e('x')}</m:rad>", r"\sqrt[3]x"),
        (f"<m:nary>{pr('nary', chr='∑', limLoc='undOvr')}{e('1', 'sub')}{e('n', 'sup')}{e('x')}</m:nary>",
         r"\sum_1^n x"),
        (f"<m:nary>{pr('nary', subHide='1', supHide='1')}<m:sub/><m:sup/>{e('x')}</m:nary>", r"\int x"),
        (f"<m:d>{e('x')}</m:d>", r"\left(x\right)"),
        (f"<m:d>{pr('d', begChr='[', endChr='', sepChr=';')}{e('x')}{e('y')}</m:d>", r"\left[x;y\right."),
        (f"<m:d>{pr('d', begChr='{', endChr='')}<m:e><m:eqArr>{e('x=1')}{e('y=2')}</m:eqArr></m:e></m:d>",
         r"\begin{cases}x=1\\y=2\end{cases}"),
        (f"<m:eqArr>{e('x&amp;=1')}{e('y&amp;=2')}</m:eqArr>", r"\begin{aligned}x&=1\\y&=2\end{aligned}"),
        (f"<m:m><m:mr>{e('a')}{e('b')}</m:mr><m:mr>{e('c')}{e('d')}</m:mr></m:m>",
         r"\begin{matrix}a&b\\c&d\end{matrix}"),
        (f"<m:acc>{e('x')}</m:acc>", r"\hat x"),
        (f"<m:acc>{pr('acc', chr='⃗')}{e('a')}</m:acc>", r"\vec a"),
        (f"<m:acc>{pr('acc', chr='̇')}{e('a')}</m:acc>", r"\dot a"),
        (f"<m:bar>{pr('bar', pos='top')}{e('AB')}</m:bar>", r"\overline{AB}"),
        (f"<m:bar>{e('AB')}</m:bar>", r"\underline{AB}"),
        (f"<m:box>{e('x')}</m:box>", "x"),
        (f"<m:borderBox>{e('x')}</m:borderBox>", r"\boxed x"),
        (f"<m:groupChr>{e('x')}</m:groupChr>", r"\underbrace x"),
        (f"<m:groupChr>{pr('groupChr', chr='→', vertJc='top')}{e('△')}</m:groupChr>", r"\xrightarrow{\triangle}"),
        (f"<m:limLow><m:e>{r('lim', UPRIGHT)}</m:e>{e('x→0', 'lim')}</m:limLow>", r"\lim_{x\to0}"),
        (f"<m:limUpp>{e('=')}{e('△', 'lim')}</m:limUpp>", r"\overset{\triangle}{=}"),
        (f"<m:func><m:fName>{r('sin', UPRIGHT)}</m:fName>{e('x')}</m:func>", r"\sin x"),
        (f"<m:func><m:fName><m:sSup><m:e>{r('sin', UPRIGHT)}</m:e>{e('2', 'sup')}</m:sSup></m:fName>{e('x')}</m:func>",
         r"\sin^2 x"),
        (f"<m:func><m:fName>{LOWEST}</m:fName>{e('y')}</m:func>", r"\max_x y"),
        (f"<m:phant>{pr('phant', show='0')}{e('x')}</m:phant>", r"\quad"),
        (f"<m:phant>{e('x')}</m:phant>", "x"),
        (r("kg", UPRIGHT), r"\mathrm{kg}"),
        (r("F", '<m:sty m:val="bi"/>'), r"\mathbf F"),
        (r("若 x", "<m:nor/>"), r"\text{若 x}"),
        ("<m:r><w:t>x</w:t></m:r>", "x"),
        (r("电压U"), r"\text{电压}U"),
        (f"<w:ins>{r('x')}</w:ins><w:del>{r('y')}</w:del><w:bookmarkStart/>", "x"),
    ],
)  # fmt: skip
def test_each_element_of_word_is_read(body, typed):
    assert omml.read(math(body)) == (latex.parse(typed), ())


def test_formulas_on_lines_of_their_own_stand_under_each_other():
    node, problems = omml.read(math(f"<m:oMathParaPr/>{e('x', 'oMath')}{e('y', 'oMath')}", "oMathPara"))
    assert (node, problems) == (latex.parse(r"\begin{array}{l}x\\y\end{array}"), ())
    assert omml.read(math(e("x", "oMath"), "oMathPara")) == (symbols("x"), ())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"<m:novel>{e('y')}</m:novel>", "novel"),
        ('<m:r><w:sym w:font="Symbol" w:char="F061"/></m:r>', "特殊字体"),
        (f"<m:acc>{pr('acc', chr='※')}{e('y')}</m:acc>", "※"),
        (f"<m:borderBox>{pr('borderBox', strikeH='1')}{e('y')}</m:borderBox>", "删除线"),
        ("<m:box>" * 100 + r("y") + "</m:box>" * 100, "嵌套太深"),
    ],
)
def test_what_cannot_be_mapped_is_said_and_its_text_kept(body, said):
    node, problems = omml.read(math(r("x") + body))
    assert any(said in problem for problem in problems)
    assert node in (row(symbols("x"), Symbol(Kind.TEXT, "y")), symbols("xy"), symbols("x"))


def test_a_formula_beyond_the_limits_is_kept_as_text_and_said():
    node, problems = omml.read(math(e("x+" * 900)))
    assert node == Symbol(Kind.TEXT, ("x+" * 900)[:500])
    assert any("太长" in problem for problem in problems)


def test_the_argument_of_a_sum_is_put_into_it():
    written = omml.write(latex.parse(r"\sum_1^n x"))
    assert [child.tag.rpartition("}")[2] for child in written] == ["nary"]

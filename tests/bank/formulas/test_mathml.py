"""MathML: what other systems export is read, what is written reads back, what cannot be held is refused."""

import pytest
from hypothesis import given

from bank.formulas import latex, mathml
from bank.formulas.tree import FormulaError
from tests.bank.formulas.trees import formulas

HEAD = '<math xmlns="http://www.w3.org/1998/Math/MathML">'


@given(formulas)
def test_what_is_written_reads_back_the_same(node):
    assert mathml.read(mathml.write(node)) == node


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        ("<mi>x</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac>", r"x=\frac12"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", r"\left(a,b\right)"),
        ("<mfenced open='[' close='|' separators=';'><mi>a</mi><mi>b</mi></mfenced>", r"\left[a;b\right|"),
        ("<mfenced open='{' close=''><mtable columnalign='left'><mtr><mtd><mi>a</mi></mtd></mtr></mtable></mfenced>",
         r"\begin{cases}a\end{cases}"),
        ("<mrow><mo>{</mo><mtable columnalign='left'><mtr><mtd><mi>a</mi></mtd></mtr></mtable></mrow>",
         r"\begin{cases}a\end{cases}"),
        ("<mrow><mo>|</mo><mtable><mtr><mtd><mi>a</mi></mtd></mtr></mtable><mo>|</mo></mrow>",
         r"\begin{vmatrix}a\end{vmatrix}"),
        ("<mover><mi>a</mi><mo>&#x2192;</mo></mover>", r"\overrightarrow a"),
        ("<mover accent='true'><mi>x</mi><mo>&#xaf;</mo></mover>", r"\bar x"),
        ("<munderover><mo>&#x2211;</mo><mn>1</mn><mi>n</mi></munderover><mi>x</mi>", r"\sum_1^n x"),
        ("<munder><mi>lim</mi><mrow><mi>x</mi><mo>&#x2192;</mo><mn>0</mn></mrow></munder>", r"\lim_{x\to0}"),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>", r"\sin x"),
        ("<mmultiscripts><mi>U</mi><mn>2</mn><none/><mprescripts/><mn>92</mn><mn>235</mn></mmultiscripts>",
         r"{}_{92}^{235}U_2"),
        ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", r"\sqrt{a+b}"),
        ("<mroot><mi>a</mi><mn>3</mn></mroot>", r"\sqrt[3]a"),
        ("<menclose notation='box'><mi>a</mi></menclose>", r"\boxed a"),
        ("<semantics><mi>a</mi><annotation encoding='application/x-tex'>b</annotation></semantics>", "a"),
        ("<mstyle displaystyle='true'><mpadded><mi>a</mi></mpadded></mstyle>", "a"),
        ("<mi>a</mi><mspace width='1em'/><mtext>&#xa0;若</mtext>", r"a\quad\text{ 若}"),
        ("<msup><mn>30</mn><mo>&#x2218;</mo></msup>", r"30^\circ"),
        ("<mi mathvariant='normal'>kg</mi><mi mathvariant='bold'>F</mi>", r"\mathrm{kg}\mathbf F"),
        ("<mfrac linethickness='0pt'><mi>n</mi><mi>k</mi></mfrac>", r"\genfrac{}{}{0pt}{}nk"),
    ],
)  # fmt: skip
def test_what_other_systems_write_is_read(source, typed):
    assert mathml.read(f"{HEAD}{source}</math>") == latex.parse(typed)
    assert mathml.read(f"<math>{source}</math>") == latex.parse(typed), "without a name space"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<math><mlongdiv/></math>", "mlongdiv"),
        ("<math><menclose notation='updiagonalstrike'><mi>a</mi></menclose></math>", "updiagonalstrike"),
        ("<math><mfrac><mi>a</mi></mfrac></math>", "2 个部分"),
        ("<math><mi>a</math>", "不完整"),
        ("<!DOCTYPE math [<!ENTITY a 'b'>]><math><mi>&a;</mi></math>", "文档类型"),
        ("<math>" + "<mrow>" * 150 + "</mrow>" * 150 + "</math>", "太深"),
        ("<math>" + "<msqrt>" * 60 + "</msqrt>" * 60 + "</math>", "太深"),
        ("<math>" + "<mi>a</mi>" * 1600 + "</math>", "太长"),
    ],
)
def test_what_cannot_be_held_is_refused_by_name(source, said):
    with pytest.raises(FormulaError) as refused:
        mathml.read(source)
    assert said in refused.value.message

"""The tables that writers download and fill: our header, three examples that an import passes over, what goes where."""

import io
from collections.abc import Mapping
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from bank.answers import CREDIT_NAMES, Credit, RubricPoint
from bank.content import TYPE_NAMES, ItemContent, ItemType
from bank.exchange.standard import EXAMPLES, HEADERS, NOTES_SHEET, SECRECY_NAMES
from bank.exchange.writing import docx as document
from bank.exchange.writing import xlsx as workbook
from bank.exchange.writing.items import WrittenItem
from bank.items import COGNITION_NAMES, Cognition
from bank.outlines import Importance

_ROWS = 2000
_ITEMS = (
    WrittenItem(
        EXAMPLES[0],
        ItemContent(
            ItemType.SINGLE,
            r"一只电阻两端电压为 U、通过电流为 I，它的阻值是（ ）。",
            (r"$\frac{U}{I}$", "$UI$", "$U+I$", r"$\frac{I}{U}$"),
            "A",
            "欧姆定律。",
            marks=2,
        ),
        "A-B-C-001",
        2,
        4,
        Cognition.UNDERSTAND,
        Importance.X,
    ),
    WrittenItem(
        EXAMPLES[1],
        ItemContent(
            ItemType.JUDGE, "水（H<sub>2</sub>O）可以用来扑救带电设备的火灾。", (), "错误", "水能导电。", marks=2
        ),
        "A-B-C-002",
        1,
        5,
        Cognition.RECALL,
        Importance.Y,
    ),
    WrittenItem(
        EXAMPLES[2],
        ItemContent(
            ItemType.SHORT,
            "简述低压设备停电检修前的步骤。",
            key="断开电源，验电，装设接地线，悬挂标示牌。",
            marks=10,
            rubric=(RubricPoint("断开电源", 4), RubricPoint("验电", 4), RubricPoint("接地并挂牌", 2)),
        ),
        "A-B-C-003",
        3,
        4,
        Cognition.APPLY,
        Importance.X,
    ),
)
EXPLANATIONS: Mapping[str, str] = {
    "id": "本单位原有的编号，可空；示例行不会导入，可以删去",
    "type": "从下拉表中选择；空着时按选项和答案判断",
    "set": "几道题共用一段材料时，写相同的组号，并各写一遍材料",
    "material": "题组的材料，可空",
    "stem": "题干；公式写成 $…$，上下标写成 <sub>2</sub>、<sup>3</sup>，填空处写下划线；$、<、| 作为文字时前面加反斜线",
    "A": "选项写在各自的列中，不写字母；最多十个",
    "answer": "选择题写字母（如 ACD），判断题写“正确”或“错误”；填空题各空用“；”分开，同一空的不同写法用“|”分开",
    "rationale": "解析，可空",
    "point_code": "细目表中的代码或名称",
    "difficulty": "1（很易）至 5（很难）",
    "consistency": "1（很低）至 5（很高），指试题与鉴定点的吻合程度",
    "cognition": "识记、理解、应用或分析",
    "importance": "X 核心、Y 一般或 Z 辅助",
    "marks": "本题分值，0.5 的倍数，可空",
    "credit": "多选题少选时怎样给分，空着为不得分",
    "rubric": "简答、论述、计算题的评分要点，每行一条，末尾写分值，如：验电（2分）",
    "task": "操作题的准备单和评分表，每行写成 | 考核内容 | 考核要求 | 配分 | 评分标准 | 扣分 |，第一行写这几个列名",
    "parameters": "参数题的取值，每行一组，如 | U | R |；题中写成 {U}",
    "source": "试题出处，可空",
    "secrecy": "导出时写明，导入时以所选的保密级别为准",
    "pictures": "把图片插入（浮动或嵌入）本行：放在选项列上的归该选项，其余归题干",
}


def template_xlsx() -> bytes:
    """An .xlsx table to be filled, with choices for what is chosen and a sheet that explains the columns."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(_ITEMS, {}, "试题导入模板").data))
    sheet: Any = book[workbook.SHEET]
    for role, choices in _choices().items():
        letter = get_column_letter(list(HEADERS).index(role) + 1)
        held = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=False)
        held.add(f"{letter}2:{letter}{_ROWS}")
        sheet.add_data_validation(held)
    notes: Any = book.create_sheet(NOTES_SHEET)
    for row, (role, text) in enumerate(EXPLANATIONS.items(), start=1):
        notes.cell(row, 1, "选项A…选项J" if role == "A" else HEADERS[role]).font = Font(bold=True)
        notes.cell(row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 100
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _choices() -> dict[str, list[str]]:
    return {
        "type": list(TYPE_NAMES.values()),
        "difficulty": list("12345"),
        "consistency": list("12345"),
        "cognition": list(COGNITION_NAMES.values()),
        "importance": list(Importance),
        "credit": [CREDIT_NAMES[one].replace(",", "，") for one in Credit],
        "secrecy": list(SECRECY_NAMES.values()),
    }


def template_docx() -> bytes:
    """A .docx file to be filled in the paragraph styles of its examples, what goes where in a box above them."""
    made = docx.Document(io.BytesIO(document.write(_ITEMS, {}, "试题导入模板").data))
    lines = (
        "填写说明（本框和编号为“示例”的三道题不会导入，可以删去）",
        "照示例的样子写：复制一道示例再改写，各段的样式（题盾题干、题盾选项、题盾字段）就不会错。",
        "公式用 Word 自带的公式编辑器，图片直接插入题干或选项，表格放在题干下面。",
        "也可以不用样式，按普通试卷的样子写：题型标题、题号、选项、答案、解析各占一行，鉴定点代码写在题号后的方括号里。",
    )
    box = made.add_table(1, 1, style="Table Grid")
    box.rows[0].cells[0].text = "\n".join(lines)
    body: Any = made.element.body
    body.insert(0, body.findall(qn("w:tbl"))[-1])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()

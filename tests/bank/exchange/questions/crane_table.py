"""One table of questions about cranes, and what it says, for the tests of headers and of rows."""

from typing import Any

from bank.exchange.intake import read_items
from bank.exchange.reading import Reading
from tests.bank.exchange.question_files import Row, judge, single, workbook

HEADER = ["序号", "题型", "题干", "选项A", "选项B", "选项C", "答案"]
CRANE = [1, "单选题", "吊钩的开口度增大（ ）应报废。", "10%", "15%", "25%", "B"]
ROPE = [2, "多选题", "钢丝绳报废的依据有（ ）。", "断丝", "磨损", "颜色", "AB"]
HOOK = [3, "判断题", "吊钩可以补焊。", None, None, None, "×"]
READ = [
    single("吊钩的开口度增大（ ）应报废。", ["10%", "15%", "25%"], "B"),
    single("钢丝绳报废的依据有（ ）。", ["断丝", "磨损", "颜色"], "AB"),
    judge("吊钩可以补焊。", "错误"),
]


def read(*rows: Row, name: str = "Sheet1", shape: Any = None) -> Reading:
    return read_items("题库.xlsx", workbook((name, rows), shape=shape))

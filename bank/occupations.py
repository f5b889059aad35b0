"""Occupations and levels as the national classification codes them."""

import json
import re
from functools import cache
from importlib.resources import files

from bank.ground.errors import BadInput

OCCUPATION_CODE = r"[1-8]-\d{2}-\d{2}-\d{2}"
LEVEL_NAMES = {5: "五级/初级工", 4: "四级/中级工", 3: "三级/高级工", 2: "二级/技师", 1: "一级/高级技师"}


@cache
def _names() -> dict[str, str]:
    source = files("bank") / "occupations.json"
    names: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return names


def occupation_name(code: str) -> str:
    """The occupation's name, or its code where the shipped list does not hold it."""
    return _names().get(code, code)


def check_occupation(code: str, level: int) -> None:
    """Raise BadInput for a code or level that the national classification cannot hold."""
    if not re.fullmatch(OCCUPATION_CODE, code):
        raise BadInput(f"职业编码“{code}”格式不对，应如 6-31-01-03（见《职业分类大典》）")
    if level not in LEVEL_NAMES:
        raise BadInput(f"等级 {level} 无效，请写 1 到 5（5 初级工 … 1 高级技师）")

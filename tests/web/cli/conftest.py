"""A furnished home: a school with a small bank over an outline, one paper made from it and used twice."""

import shutil
from pathlib import Path

import pytest

from tests.web.cli.terminal import Terminal
from web.cli import cli
from web.cli.frame import run
from web.demo.files import bank_docx, bank_xlsx, demo_outline, demo_rows, outline_xlsx

SCHOOL = "黄石市机电技工学校"
BANK = ("--institution", "1", "--occupation", "6-30-05-04", "--level", "5")


@pytest.fixture(scope="session")
def office_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a school has on its shared disk: outline, bank, part of it in Word, odd rows, a blueprint."""
    folder = tmp_path_factory.mktemp("office")
    rows = demo_rows("forklift_5")
    (folder / "细目表.xlsx").write_bytes(outline_xlsx(demo_outline("forklift_5")))
    (folder / "题库.xlsx").write_bytes(bank_xlsx(rows, "叉车司机五级题库"))
    (folder / "部分.docx").write_bytes(bank_docx(rows[:20], "叉车司机五级"))
    known = rows[0]
    (folder / "新题.csv").write_text(
        "题型,题干,选项A,选项B,选项C,选项D,答案\n"
        f"单选题,{known['stem']},{','.join(known['options'])},{known['answer']}\n"
        "单选题,雨天库房地面有积水时，叉车应当（　）,加速通过,减速慢行,原地掉头,倒车通过,B\n"
        "单选题,货叉离地多高为宜,三十厘米,一米,,,D\n",
        encoding="utf-8",
    )
    (folder / "方案.toml").write_text(
        'name = "小卷"\nminutes = 60\noverlap_limit = 40\n'
        '[[section]]\ntype = "single"\ncount = 10\nmarks = 3\n[[section]]\ntype = "judge"\ncount = 5\nmarks = 2\n',
        encoding="utf-8",
    )
    (folder / "对.jsonl").write_text(
        '{"a":{"type":"judge","stem":"叉车起步前应鸣笛。","answer":"正确"},'
        '"b":{"type":"judge","stem":"叉车起步以前应当鸣笛。","answer":"正确"}}\n',
        encoding="utf-8",
    )
    (folder / "成绩.csv").write_text(
        f"准考证号,{','.join(str(number) for number in range(1, 16))}\n"
        + "".join(f"42020260{at:03},{','.join(['A'] * 10 + ['对'] * 5)}\n" for at in range(4)),
        encoding="gbk",
    )
    return folder


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory, office_files: Path) -> Path:
    """Made once by the command line itself."""
    home = tmp_path_factory.mktemp("furnished") / "home"
    for words in (
        ("init",),
        ("institution", "add", "--name", SCHOOL, "--kind", "technical_school", "--jurisdiction", "城区"),
        ("user", "add", "--login", "wang", "--name", "王建国", "--role", "writer", "--institution", "1"),
        ("registration", "add", *BANK, "--filed-on", "2026-01-15"),
        ("outline", "import", str(office_files / "细目表.xlsx"), *BANK[2:]),
        ("item", "import", str(office_files / "题库.xlsx"), *BANK),
        ("blueprint", "save", str(office_files / "方案.toml"), *BANK),
        ("paper", "assemble", *BANK, "--blueprint", "小卷", "--forms", "2", "--date", "2026-03-01"),
        ("sitting", "record", "1", "--form", "A", "--date", "2026-03-01", "--place", "一号考场"),
        ("sitting", "record", "1", "--form", "A", "--date", "2026-09-01", "--place", "一号考场"),
    ):
        assert run(cli, [*words, "--home", str(home)]) == 0
    return home


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder somebody works in: empty, with no setting of the machine shining through."""
    for name in ("HOME", "DATABASE_URL", "KEY_FILE", "SUITE", "POLICY", "HOST", "PORT", "DEBUG"):
        monkeypatch.delenv(f"TIDUN_{name}", raising=False)
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def bare(desk: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal before anything was set up; its home would be `./tidun-home`."""
    return Terminal(capsys, desk / "tidun-home")


@pytest.fixture
def tidun(
    desk: Path, furnished_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """A terminal whose home is a copy of the furnished one."""
    home = desk.parent / "home"
    shutil.copytree(furnished_home, home)
    monkeypatch.setenv("TIDUN_HOME", str(home))
    return Terminal(capsys, home)

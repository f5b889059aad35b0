"""Bad input of every kind: one Chinese sentence that names file, row and mend, the status of the contract, no trace."""

import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.web.cli.conftest import BANK
from tests.web.cli.terminal import Terminal

PAPER_DAY = ("--form", "A", "--date", "2026-03-01", "--place", "考场")
INSTITUTION = ("institution", "add", "--name", "甲", "--kind", "enterprise")
REGISTRATION = ("registration", "add", "--institution", "1", "--occupation", "6-31-01-03", "--level", "4")
USER = ("user", "add", "--name", "张三", "--login")

# What is typed (@ before files of the shared disk), the exit status, and a word that the sentence must hold.
MISTAKES: list[tuple[Sequence[str], int, str]] = [
    # usage
    (("bnak",), 2, "是不是 bank"),
    (("bank", "statsu"), 2, "没有命令 statsu，是不是 status；可用 tidun bank --help 查看用法"),
    (("bank", "status", "--jsn"), 2, "没有选项 --jsn，是不是 --json"),
    (("bank", "status", "--json=1"), 2, "--json 是开关"),
    (("bank", "status", "--institution"), 2, "--institution 后面要写一个值"),
    (("bank", "status", "多余"), 2, "多写了参数 多余"),
    (("paper", "export", "--form", "A", "--format", "pdf"), 2, "缺少参数 ID"),
    (("paper", "export", "1", "--format", "pdf"), 2, "缺少参数 --form"),
    (("paper", "export", "1", "--form", "A", "--format", "xls"), 2, "应为 docx、pdf 之一"),
    (("serve", "--port", "99999"), 2, "1 到 65535"),
    (("ledger", "proof", "一"), 2, "应为整数"),
    (("audit", "papers", "--fail-on", "all"), 2, "应为 alike、partial、leak 之一"),
    # registers
    ((*INSTITUTION, "--jurisdiction", "武汉市"), 2, "黄石市、城区、大冶市、阳新县"),
    ((*INSTITUTION[:2], "--name", " ", *INSTITUTION[4:], "--jurisdiction", "城区"), 2, "--name"),
    ((*INSTITUTION[:5], "school", "--jurisdiction", "城区"), 2, "--kind 的值不对，应为 enterprise"),
    ((*REGISTRATION, "--filed-on", "2026-02-30"), 2, "备案日期 --filed-on “2026-02-30”不是有效日期"),
    ((*REGISTRATION, "--filed-on", "去年"), 2, "2026-03-14"),
    (("registration", "add", *BANK, "--filed-on", "2026-02-01"), 2, "不必重复备案"),
    (("registration", "add", "--institution", "9", *BANK[2:], "--filed-on", "2026-02-01"), 2, "institution list"),
    (("registration", "add", *BANK[:4], "--level", "6", "--filed-on", "2026-02-01"), 2, "1 到 5"),
    (("registration", "add", *BANK[:2], "--occupation", "电工", *BANK[4:], "--filed-on", "2026-02-01"), 2, "电工"),
    ((*USER, "wang", "--role", "writer", "--institution", "1"), 2, "wang"),
    ((*USER, "zhang", "--role", "boss"), 2, "--role 的值不对"),
    ((*USER, "zhang", "--role", "sysadmin", "--role", "auditor"), 3, "三员分立"),
    ((*USER, "zhang", "--role", "writer", "--institution", "没有这家"), 2, "没有这家"),
    ((*USER, "zhang", "--role", "supervisor", "--jurisdiction", "武汉市"), 2, "武汉市"),
    # banks and papers
    (("item", "import", "@部分.docx", *BANK[:4], "--level", "4"), 3, "第六条第二项"),
    (("item", "import", "@部分.docx", *BANK[:2], "--occupation", "6-31-01-03", *BANK[4:]), 3, "第六条第二项"),
    (("item", "import", "@部分.docx", "--institution", "乙", *BANK[2:]), 2, "乙"),
    (("item", "import", "@部分.docx", *BANK, "--status", "done"), 2, "应为 approved、draft 之一"),
    (("outline", "import", "@细目表.xlsx", *BANK[2:4], "--level", "0"), 2, "1 到 5"),
    (("outline", "import", "@题库.xlsx", *BANK[2:]), 2, "题库.xlsx"),
    (("outline", "import", "@细目表.xlsx", *BANK[2:], "--institution", "9"), 2, "institution list"),
    (("outline", "show", *BANK[2:4], "--level", "4"), 2, "还没有细目表"),
    (("outline", "template", "没有/表.xlsx"), 2, "没有"),
    (("bank", "status", "--institution", "乙"), 2, "乙"),
    (("blueprint", "list", *BANK[:4], "--level", "4"), 3, "第六条第二项"),
    (("paper", "assemble", *BANK[:4], "--level", "4"), 3, "第六条第二项"),
    (("paper", "assemble", *BANK, "--blueprint", "大卷"), 2, "小卷"),
    (("paper", "assemble", *BANK, "--forms", "7"), 2, "1 到 6"),
    (("paper", "assemble", *BANK, "--date", "明天"), 2, "明天"),
    (("paper", "assemble", *BANK, "--instead-of", "99"), 2, "paper list"),
    (("paper", "import", "@部分.docx", *BANK, "--used-on", "2026-13-01"), 2, "2026-13-01"),
    (("paper", "import", "@部分.docx", *BANK, "--used-on", "2999-01-01"), 2, "2999-01-01"),
    (("paper", "list", "--institution", "9"), 2, "9"),
    (("paper", "export", "99", "--form", "A", "--format", "pdf"), 2, "paper list"),
    (("paper", "export", "1", "--form", "丙", "--format", "pdf"), 2, "A、B"),
    (("paper", "export", "1", "--form", "A", "--format", "pdf", "--out", "没有/卷.pdf"), 2, "没有"),
    (("sitting", "record", "99", *PAPER_DAY), 2, "paper list"),
    (("sitting", "record", "1", *PAPER_DAY[:4], "--place", "一号考场"), 2, "已经登记过"),
    (("sitting", "record", "1", *PAPER_DAY[:3], "2999-01-01", *PAPER_DAY[4:]), 2, "今天之后"),
    (("sitting", "record", "1", *PAPER_DAY[:4], "--place", " "), 2, "考点"),
    (("sitting", "record", "1", *PAPER_DAY, "--candidates", "2", "--ineligible", "3"), 2, "人数不对"),
    # audits and operation
    (("audit", "papers", "--since", "2026-05-01", "--until", "2026-04-01"), 2, "请对调"),
    (("audit", "papers", "--until", "x"), 2, "截止日期“x”"),
    (("audit", "bank", "--institution", "9"), 2, "9"),
    (("leak", "scan", "@部分.docx", "--institution", "9"), 2, "9"),
    (("ledger", "proof", "0"), 2, "第 0 条"),
    (("ledger", "verify", "--head", "@部分.docx"), 2, "部分.docx：不是树头文件"),
    (("ledger", "verify", "--head", "没有.json"), 2, "没有.json"),
    (("init",), 2, "不会覆盖"),
    (("doctor", "--home", "别处"), 2, "tidun init"),
]

# The commands that read a file, @ standing for it.
READERS: list[Sequence[str]] = [
    ("outline", "import", "@", *BANK[2:]),
    ("item", "read", "@"),
    ("item", "import", "@", *BANK),
    ("blueprint", "save", "@", *BANK),
    ("paper", "import", "@", *BANK, "--used-on", "2026-06-01"),
    ("audit", "pairs", "@"),
    ("audit", "compare", "@", "题库.xlsx"),
    ("audit", "compare", "题库.xlsx", "@"),
    ("leak", "scan", "@"),
]
OFFICE_READERS = [words for words in READERS if words[0] != "blueprint" and words[1] != "pairs"]


def missing(_folder: Path) -> Path:
    return Path("没有.docx")


def a_folder(folder: Path) -> Path:
    (folder / "文件夹.docx").mkdir()
    return Path("文件夹.docx")


def huge(folder: Path) -> Path:
    (folder / "巨大.xlsx").touch()
    os.truncate(folder / "巨大.xlsx", 500 * 2**20)
    return Path("巨大.xlsx")


def nameless(folder: Path) -> Path:
    (folder / "空.docx").touch()
    return Path("空.docx")


def bomb(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "炸弹.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:document>" + bytes(80 * 2**20))
    return Path("炸弹.docx")


def entities(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "实体.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document><w:t>&x;</w:t></w:document>',
        )
    return Path("实体.docx")


def broken(folder: Path) -> Path:
    (folder / "坏.docx").write_bytes(b"PK\x03\x04" + bytes(200))
    return Path("坏.docx")


def traces(tidun: Terminal) -> object:
    """What a refused command must leave as it was: every table's rows, the files at hand and in the home."""
    return tidun.rows(), sorted(path.name for folder in (Path(), tidun.home) for path in folder.iterdir())


@pytest.mark.parametrize(("words", "status", "told"), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_mistake_is_one_sentence_and_leaves_no_trace(
    words: Sequence[str], status: int, told: str, tidun: Terminal, office_files: Path
) -> None:
    before = traces(tidun)
    ran = tidun(*(word.replace("@", f"{office_files}/") for word in words))
    assert (ran.status, told in ran.sentence) == (status, True), ran
    assert traces(tidun) == before


@pytest.mark.parametrize("words", READERS, ids=" ".join)
@pytest.mark.parametrize("make", [missing, a_folder, huge], ids=lambda make: make.__name__)
def test_a_path_that_is_no_file_of_reasonable_size(
    words: Sequence[str], make: Callable[[Path], Path], tidun: Terminal, office_files: Path
) -> None:
    refuse(words, make, tidun, office_files)


@pytest.mark.parametrize("words", OFFICE_READERS, ids=" ".join)
@pytest.mark.parametrize("make", [nameless, bomb, entities, broken], ids=lambda make: make.__name__)
def test_a_file_that_is_no_honest_document(
    words: Sequence[str], make: Callable[[Path], Path], tidun: Terminal, office_files: Path
) -> None:
    refuse(words, make, tidun, office_files)


def refuse(words: Sequence[str], make: Callable[[Path], Path], tidun: Terminal, office_files: Path) -> None:
    """Status 2, the sentence names the file, nothing is written."""
    given = str(make(Path.cwd()))
    before = traces(tidun)
    ran = tidun(*(given if word == "@" else word.replace("题库.xlsx", f"{office_files}/题库.xlsx") for word in words))
    assert ran.status == 2
    assert given in ran.sentence
    assert traces(tidun) == before


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", '{"a":题,"b":题}'),
        ("[1, 2]", '{"a":题,"b":题}'),
        ("3", '{"a":题,"b":题}'),
        ('{"a": 1, "b": 2}', '{"a":题,"b":题}'),
        ('{"a": {"type": "judge", "stem": "甲"}}', '{"a":题,"b":题}'),
        ('{"a": {"type": "quiz", "stem": "甲"}, "b": {}}', "quiz"),
        ('{"a": {"type": "judge"}, "b": {}}', "stem"),
        ("[" * 100_000, '{"a":题,"b":题}'),
    ],
)
def test_a_bad_row_of_pairs_is_named(line: str, told: str, bare: Terminal) -> None:
    Path("对.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    ran = bare("audit", "pairs", "对.jsonl")
    assert ran.status == 2
    assert ran.sentence.startswith("对.jsonl 第 2 行：")
    assert told in ran.sentence


def test_pairs_in_another_encoding_are_refused(bare: Terminal) -> None:
    Path("对.jsonl").write_bytes('{"a":"题"}'.encode("gb18030"))
    assert "UTF-8" in bare("audit", "pairs", "对.jsonl").sentence


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("name = ", "TOML"),
        ('name = "卷"\nsections = 3\n', "sections"),
        ('name = "卷"\n[[section]]\ntype = "single"\ncount = 5\nmarks = 2\nlevel = 3\n', "level"),
        ('name = "卷"\n[[section]]\ntype = "riddle"\ncount = 5\nmarks = 2\n', "riddle"),
        ('name = "卷"\n', "[[section]]"),
    ],
)
@pytest.mark.parametrize(
    "words", [("blueprint", "save", "方案.toml"), ("paper", "assemble", "--blueprint", "方案.toml")]
)
def test_a_wrong_blueprint_names_the_key(words: Sequence[str], toml: str, told: str, tidun: Terminal) -> None:
    Path("方案.toml").write_text(toml, encoding="utf-8")
    before = traces(tidun)
    ran = tidun(*words, *BANK)
    assert ran.status == 2
    assert "方案.toml" in ran.sentence
    assert told in ran.sentence
    assert traces(tidun) == before


def test_one_bad_file_among_good_ones_imports_none(tidun: Terminal, office_files: Path) -> None:
    before = traces(tidun)
    ran = tidun("item", "import", office_files / "部分.docx", "没有.xlsx", *BANK)
    assert (ran.status, "没有.xlsx" in ran.sentence) == (2, True)
    assert traces(tidun) == before

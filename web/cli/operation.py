"""Commands for running the house: init, doctor, ledger, keys, index."""

import json
from pathlib import Path

import click

from bank.ground.errors import BadInput
from bank.ground.settings import find_home
from bank.ledger.heads import check_growth, public_key, signed_head
from bank.ledger.proofs import proof, verify
from bank.vault.vault import vault_of
from integrity.similarity.watch import index_sentence, rebuild_index, verify_index
from web.cli.chinese import Group
from web.cli.frame import Answer, command
from web.doctor import examine
from web.house import House, create_home

ledger = Group("ledger")
key = Group("key")
index = Group("index")


def join(cli: Group) -> None:
    """Hang this subject's commands under `tidun`."""
    command(cli, "init", home="folder")(init)
    command(cli, "doctor")(doctor)
    for group in (ledger, key, index):
        cli.add_command(group)


def init(folder: str | None) -> Answer:
    """建立数据文件夹：密钥、数据库、政策参数 (init)"""
    home = find_home(folder)
    house = create_home(home)
    house.database.close()
    policy = house.policy()
    shown = house.database.engine.url.render_as_string(hide_password=True)
    data = {"home": str(home), "database": shown, "policy": house.settings.policy, "document": policy.document}
    lines = [
        f"已建好 {home}",
        f"依据：{policy.document}",
        f"密钥文件 {house.settings.key_file} 是打开题库的唯一钥匙：请另存一份到别处保管，不要和数据库备份放在一起",
    ]
    return Answer(data, lines)


def doctor(house: House) -> Answer:
    """检查数据库、台账、密文记录和相似索引 (doctor)"""
    checks = examine(house)
    ok = all(check.ok for check in checks)
    data = {"ok": ok, "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks]}
    lines = [f"{'✓' if check.ok else '✗'} {check.detail}" for check in checks]
    return Answer(data, lines, 0 if ok else 1)


@command(ledger, "head")
def ledger_head(house: House) -> Answer:
    """签出树头：条数、根、签名，可另存留证 (head)"""
    with house.unit_of_work() as session:
        head = signed_head(session)
    lines = [f"台账共 {head['size']} 条", f"根 {head['root']}", f"签名 {head['signature']}"]
    return Answer({"ok": True, **head}, lines)


@command(ledger, "verify")
@click.option("--head", "head_file", metavar="FILE", help="以前签出的树头 JSON；核对台账没有被回退 (head)")
def ledger_verify(house: House, head_file: str | None) -> Answer:
    """逐条重算台账 (verify)"""
    with house.unit_of_work() as session:
        if head_file is not None:
            check_growth(session, _head_in(head_file), public_key(session))
        found = verify(session)
    data = {"ok": found.ok, "size": found.size, "root": found.root.hex(), "first_bad": found.first_bad}
    sentence = f"台账 {found.size} 条，逐条核对无误" if found.ok else found.fault
    return Answer({**data, "fault": found.fault}, [sentence], 0 if found.ok else 1)


def _head_in(path: str) -> dict[str, object]:
    try:
        head = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}：不是树头文件，请用 tidun ledger head --json 保存的文件") from error
    if not isinstance(head, dict):
        raise BadInput(f"{path}：不是树头文件，请用 tidun ledger head --json 保存的文件")
    return head


@command(ledger, "proof")
@click.argument("seq", type=int, metavar="N")
def ledger_proof(house: House, seq: int) -> Answer:
    """第 N 条在台账中的证明，外人可离线核对 (inclusion proof)"""
    with house.reading() as session:
        found = proof(session, seq)
    lines = [found["entry"], f"台账 {found['size']} 条，根 {found['root']}", *found["path"]]
    return Answer({"ok": True, **found}, lines)


@command(key, "status")
def key_status(house: House) -> Answer:
    """密钥各版本的用途与状态，不显示密钥本身 (key status)"""
    with house.reading() as session:
        rows = [
            {
                "institution": found.slot.institution_id,
                "purpose": found.slot.purpose.value,
                "version": found.slot.version,
                "suite": found.slot.suite.value,
                "state": found.state.value,
                "created_at": found.created_at.isoformat(timespec="seconds"),
            }
            for found in vault_of(session).status(session)
        ]
    lines = []
    for row in rows:
        owner = "全系统" if row["institution"] is None else f"机构 {row['institution']}"
        lines.append(f"{owner}  {row['purpose']}  第 {row['version']} 版  {row['suite']}  {row['state']}")
    return Answer({"ok": True, "rows": rows}, lines)


@command(index, "verify")
def index_verify(house: House) -> Answer:
    """核对每个试题版本都在相似索引里 (verify)"""
    with house.unit_of_work() as session:
        found = verify_index(session)
    return Answer({"ok": found.ok, "versions": found.versions}, [index_sentence(found)], 0 if found.ok else 1)


@command(index, "rebuild")
def index_rebuild(house: House) -> Answer:
    """由题库重建相似索引 (rebuild)"""
    with house.unit_of_work() as session:
        count = rebuild_index(session)
    return Answer({"ok": True, "versions": count}, [f"已重建 {count} 个试题版本的索引"])
